import { contactInput, correctionInput } from '#letters/correction.ts'
import { mayBecome } from '#letters/directory.ts'
import { mayCorrectDirectory } from '#letters/may.ts'
import { officePage } from '#letters/server/reads/directory.ts'
import { isLeftAlone } from '#letters/server/reads/do-not-write.ts'
import { withPeople } from '#letters/server/reads/search-offices.ts'
import { proposeCorrection, sayContact } from '#letters/server/writes/corrections.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const dones = ['said', 'seen'] as const
const steps = ['working', 'doubtful', 'broken'] as const

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const { office, contacts } = await officePage(db, params.ref, now)
  const body = office.ref.startsWith('organisation:') ? office.organisation : null
  const peopled = body !== null && (await withPeople(db, [body])).has(body)
  const may = mayCorrectDirectory(viewer)
  const say = (day: string | null): string | null => day && sayDay(day, language, true)
  return {
    formKey: crypto.randomUUID(),
    ref: office.ref,
    inside: peopled ? body : null,
    name: office.name ?? office.title ?? office.inside ?? '',
    label: office.label,
    where: (office.name === null
      ? [office.title === null ? null : office.inside]
      : [office.title, office.inside]
    ).filter((part) => part !== null),
    alone: await isLeftAlone(db, office),
    paused: say(office.pausedUntil),
    done: dones.find((done) => url.searchParams.has(done)) ?? null,
    contacts: contacts.map((one) => ({
      ...one,
      lines: one.value.split('\n'),
      confirmed: say(one.confirmed),
      retrieved: say(one.retrieved),
      link: one.source !== null && /^https?:\/\//.test(one.source) ? one.source : null,
      steps: may ? steps.filter((step) => step === 'working' || mayBecome(one.state, step)) : [],
    })),
  }
}

export const actions: Actions = {
  wrong: (event) =>
    act(
      correctionInput,
      (db, viewer, input, now) =>
        proposeCorrection(db, viewer, { ...input, from: event.getClientAddress() }, now),
      () => `/letters/offices/${event.params.ref}?said`,
    )(event),
  state: act(contactInput, sayContact, ({ ref }) => `/letters/offices/${ref}?seen`),
}
