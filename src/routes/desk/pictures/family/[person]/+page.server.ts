import { ofPerson } from '#consent/record-forms.ts'
import { namedSteward } from '#consent/steward-forms.ts'
import { stewardsFor } from '#consent/server/reads/stewards.ts'
import { noteDeathMistaken } from '#consent/server/writes/people.ts'
import { nameSteward } from '#consent/server/writes/stewards.ts'
import { sayDays } from '#kernel/times.ts'
import { renderSVG } from 'uqr'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, language } = locals
  const { stewards, ...person } = await stewardsFor(db, viewer, params.person)
  const day = (moment: Date): string => {
    const date = moment.toISOString().slice(0, 10)
    return sayDays(date, date, language)
  }
  return {
    ...person,
    stewards: stewards.map(({ called, answer, created, answered }) => ({
      called,
      answer,
      created: day(created),
      answered: answered && day(answered),
    })),
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  mistaken: act(ofPerson, noteDeathMistaken, (_, { params }) => `/desk/pictures/family/${params['person']}`),
  link: act(namedSteward, nameSteward, ({ link, called }) => ({
    made: { link, called, code: renderSVG(link, { border: 2 }) },
  })),
}
