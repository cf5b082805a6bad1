import { readReceipt } from '#media/receipt.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import {
  askToShow,
  coveredPicture,
  coverPicture,
  describedPicture,
  describePicture,
  removedPicture,
  removePicture,
  shownPictures,
} from '#stories/server/writes/pictures.ts'
import { ownPicture } from '#stories/own-picture.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const { story, pass, pictures, uploads, standing } = await ownPictures(db, viewer, params.token, now)
  const sayDate = (date: Date | null) => date && sayDay(date.toISOString().slice(0, 10), language, true)
  const why = uploads.map(({ problem }) => problem && text(problem.key, problem.params))
  const receipt = readReceipt(url.searchParams)
  // What is kept as refused is said below; here only what was not even kept.
  const others = receipt?.refused
    .map(({ key, params: of }) => text(key, of))
    .filter((one) => !why.includes(one))
  return {
    token: params.token,
    saved: url.searchParams.has('saved'),
    receipt: receipt && { received: receipt.received, why: [...new Set(others)] },
    title: story.title,
    pass,
    light: pictures.length === 0 ? null : standing.light,
    missing: standing.missing.map((said) => text(said.key, said.params)),
    from: sayDate(standing.from),
    until: sayDate(standing.until),
    pictures: pictures.map((picture) => ownPicture(picture, standing, text)),
    uploads: uploads.map(({ id, received, bytes }, at) => ({
      id,
      part: Math.floor((received / bytes) * 100),
      why: why[at] ?? null,
    })),
    formKey: crypto.randomUUID(),
  }
}

const back = (event: { params: Partial<Record<string, string>> }): string =>
  `/stories/edit/${event.params['token']}/pictures?saved`

export const actions: Actions = {
  describe: act(describedPicture, describePicture, (_, event) => back(event)),
  cover: act(coveredPicture, coverPicture, (_, event) => back(event)),
  remove: act(removedPicture, removePicture, (_, event) => back(event)),
  show: act(shownPictures, askToShow, (_, event) => back(event)),
}
