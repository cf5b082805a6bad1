import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import {
  askToShow,
  describedPicture,
  describePicture,
  removedPicture,
  removePicture,
  shownPictures,
} from '#stories/server/writes/pictures.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const { story, pass, pictures, uploads, standing, said } = await ownPictures(db, viewer, params.token, now)
  const say = (said: { key: Parameters<typeof text>[0]; params: Parameters<typeof text>[1] }) =>
    text(said.key, said.params)
  return {
    token: params.token,
    saved: url.searchParams.has('saved'),
    title: story.title,
    slug: story.slug,
    pass,
    light: pictures.length === 0 ? null : standing.light,
    missing: standing.missing.map(say),
    from: standing.from && sayDay(standing.from.toISOString().slice(0, 10), language, true),
    until: standing.until && sayDay(standing.until.toISOString().slice(0, 10), language, true),
    pictures: pictures.map((picture) => {
      const placed = standing.placements.find((one) => one.version === picture.id)
      return {
        id: picture.id,
        ready: picture.state === 'visible' || picture.state === 'made',
        picture: {
          id: picture.id,
          words: picture.words,
          caption: picture.caption,
          width: picture.width ?? 4,
          height: picture.height ?? 3,
          widths: picture.widths,
          avif: picture.state === 'made',
        },
        decoration: picture.decoration,
        revision: picture.revision,
        standing: placed ?? null,
        said: said.some((one) => one.version === picture.id && one.said),
      }
    }),
    uploads: uploads
      .flatMap(({ state, ...upload }) =>
        state === 'refused' || state === 'received' || state === 'receiving' ? [{ ...upload, state }] : [],
      )
      .map((upload) => ({
        id: upload.id,
        state: upload.state,
        part: Math.floor((upload.received / upload.bytes) * 100),
        why: upload.problem && text(upload.problem.key, upload.problem.params),
      })),
  }
}

const back = (event: { params: Partial<Record<string, string>> }): string =>
  `/stories/edit/${event.params['token']}/pictures?saved`

export const actions: Actions = {
  describe: act(describedPicture, describePicture, (_, event) => back(event)),
  remove: act(removedPicture, removePicture, (_, event) => back(event)),
  show: act(shownPictures, askToShow, (_, event) => back(event)),
}
