import * as v from 'valibot'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { line, ticked } from '#kernel/input.ts'
import { missing } from '#kernel/refusal.ts'
import { monthChoices } from '#kernel/times.ts'
import { peopleForm } from '#organisations/people-form.ts'
import { supportedPeople } from '#organisations/server/reads/people.ts'
import { partPerson, savePeople } from '#organisations/server/writes/people.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent }) => {
  const { organisation, may } = await parent()
  if (!may.keepPeople) throw missing()
  const people = await supportedPeople(locals.db, locals.viewer, organisation.id, locals.now)
  const person = people.find((one) => one.id === params.person)
  if (!person) throw missing()
  return {
    label: person.label,
    parted: person.parted !== null,
    revision: person.revision,
    months: monthChoices(locals.language),
    values: {
      'label-1': person.label,
      'colour-1': person.colour,
      'band-1': person.ageBand,
      'month-1': person.nextChange?.slice(5, 7) ?? '',
      'year-1': person.nextChange?.slice(0, 4) ?? '',
    },
  }
}

const partForm = v.object({ slug: line(80), person: line(36), parted: ticked })

export const actions: Actions = {
  save: act(peopleForm, changePolicy(savePeople), ({ slug }) => `/desk/organisations/${slug}/people?saved`),
  part: act(partForm, changePolicy(partPerson), ({ slug }) => `/desk/organisations/${slug}/people?saved`),
}
