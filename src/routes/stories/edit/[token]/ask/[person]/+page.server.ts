import { missing } from '#kernel/refusal.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import { askedPerson, askPerson } from '#stories/server/writes/pictures.ts'
import { renderSVG } from 'uqr'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now } = locals
  const { story, standing } = await ownPictures(db, viewer, params.token, now)
  const person = standing.placements.flatMap((one) => one.people).find((one) => one.person === params.person)
  if (!person) throw missing()
  return {
    token: params.token,
    title: story.title,
    surface: story.id,
    person: { id: person.person, label: person.label },
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: act(askedPerson, askPerson, ({ link }) => ({ link, code: renderSVG(link, { border: 2 }) })),
}
