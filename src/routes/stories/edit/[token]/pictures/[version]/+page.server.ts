import { peopleToChoose } from '#consent/server/reads/people.ts'
import { missing } from '#kernel/refusal.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import { tellWhoIsIn, toldWho } from '#stories/server/writes/pictures.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now } = locals
  const { story, pictures, standing } = await ownPictures(db, viewer, params.token, now)
  const picture = pictures.find((one) => one.id === params.version)
  if (!picture) throw missing()
  const placed = standing.placements.find((one) => one.version === picture.id)
  return {
    token: params.token,
    picture: {
      id: picture.id,
      words: picture.words,
      caption: picture.caption,
      width: picture.width ?? 4,
      height: picture.height ?? 3,
      widths: picture.widths,
      avif: false,
    },
    people: (placed?.people ?? []).map(({ person, label }) => ({ person, label })),
    choices: await peopleToChoose(db, { surface: story.id, organisation: story.organisation }),
  }
}

export const actions: Actions = {
  default: act(toldWho, tellWhoIsIn, (_, event) => `/stories/edit/${event.params['token']}/pictures?saved`),
}
