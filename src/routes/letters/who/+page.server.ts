import { sayDay } from '#kernel/times.ts'
import { nations } from '#kernel/permission-words.ts'
import { whoForm, type WhoForm } from '#letters/choice.ts'
import { mostOffices, mostTicked, officeRef } from '#letters/letter.ts'
import { chosenBy } from '#letters/server/reads/choice.ts'
import { leftAloneAmong } from '#letters/server/reads/do-not-write.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import { countToWrite, searchOffices, withPeople } from '#letters/server/reads/search-offices.ts'
import { chooseOffices, leaveOut } from '#letters/server/writes/choice.ts'
import { act } from '../../act.ts'
import { askedIn, queryOf, searchOf, type Asked } from './asked.ts'
import type { RequestEvent } from '@sveltejs/kit'
import type { Actions, PageServerLoad } from './$types'

const partsOf = ({ name, title, inside }: Office): string[] =>
  (name === null ? [title === null ? null : inside] : [title, inside]).filter((part) => part !== null)

const lineOf = (one: Office, say: (day: string | null) => string | null) => ({
  ref: one.ref,
  name: one.name ?? one.title ?? one.inside ?? '',
  where: partsOf(one),
  label: one.label,
  address: one.address !== null,
  email: one.email !== null,
  confirmed: say(one.confirmed),
  paused: say(one.pausedUntil),
})

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, now, language } = locals
  const asked = askedIn(url.searchParams)
  const { search, nation, doors, door } = await searchOf(locals, asked)
  const [{ offices, count }, chosen, [body]] = await Promise.all([
    searchOffices(db, search, now),
    chosenBy(db, asked.choice, now),
    search.inside === null ? [] : officesBy(db, [`organisation:${search.inside}`], now),
  ])
  const bodies = offices.flatMap((one) =>
    one.ref.startsWith('organisation:') ? (one.organisation ?? []) : [],
  )
  const peopled = search.inside === null ? await withPeople(db, bodies) : new Set<string>()
  const refs = new Set(chosen?.offices.map(({ ref }) => ref))
  const named = [...new Set(url.searchParams.getAll('office'))].filter((one) => officeRef.test(one))
  const inAddress = (await officesBy(db, named.slice(0, mostTicked), now)).filter(({ ref }) => !refs.has(ref))
  const [alone, toWrite] = await Promise.all([
    leftAloneAmong(db, [...offices, ...inAddress]),
    countToWrite(db, search, { offices, count }, now),
  ])
  const given = inAddress.filter((one) => !alone.has(one))
  for (const { ref } of given) refs.add(ref)
  const say = (day: string | null): string | null => day && sayDay(day, language, true)
  const at = { ...asked, choice: chosen ? asked.choice : null }
  return {
    nation,
    nations,
    subjects: doors.map(({ subject, name }) => ({ value: subject, label: name })),
    door: door && { ...door, checked: say(door.checked) },
    words: search.words,
    asked: search.words !== '' || door !== null || search.inside !== null,
    body: body ? { id: search.inside ?? '', name: body.inside ?? '', ref: body.ref } : null,
    query: queryOf(at),
    anywhere: queryOf({ ...at, in: null }),
    count,
    /** So many are chosen with all; of more than fit in a letter the press says so. */
    all: toWrite ?? count,
    most: mostOffices,
    choice: at.choice,
    /** Chosen in the address of the page, and in a choice that is kept from the next press on. */
    given: given.map(({ ref }) => ref),
    chosen: {
      count: refs.size,
      bare: [...(chosen?.offices ?? []), ...given].filter((one) => one.address === null).length,
      alone: (chosen?.leftAlone.length ?? 0) + inAddress.length - given.length,
      gone: chosen?.gone ?? 0,
    },
    offices: offices.map((one) => ({
      ...lineOf(one, say),
      chosen: refs.has(one.ref),
      alone: alone.has(one),
      within:
        one.organisation !== null && one.ref.startsWith('organisation:') && peopled.has(one.organisation)
          ? queryOf({ ...at, q: null, subject: null, in: one.organisation })
          : null,
    })),
  }
}

const back = (input: Asked): string => {
  const query = queryOf(input)
  return query === '' ? '/letters/who' : `/letters/who?${query}`
}

/** Whoever ticked something and goes on keeps what they ticked. */
const withTicked = (event: RequestEvent, input: WhoForm) =>
  input.office.length === 0
    ? Promise.resolve({ choice: input.choice })
    : choose(event, { choice: input.choice, offices: input.office })

const choose = (event: RequestEvent, input: Omit<Parameters<typeof chooseOffices>[2], 'from'>) => {
  const { db, viewer, now } = event.locals
  return chooseOffices(db, viewer, { ...input, from: event.getClientAddress() }, now)
}

export const actions: Actions = {
  search: (event) =>
    act(
      whoForm,
      async (_db, _viewer, input) => ({ ...input, ...(await withTicked(event, input)) }),
      (asked) => back(asked),
    )(event),
  add: (event) =>
    act(
      whoForm,
      async (_db, _viewer, input) => ({
        ...input,
        ...(await choose(event, { choice: input.choice, offices: input.office })),
      }),
      (asked) => back(asked),
    )(event),
  /** All that the search finds, however many are shown. */
  all: (event) =>
    act(
      whoForm,
      async (_db, _viewer, input) => {
        const { search } = await searchOf(event.locals, input)
        const { choice } = await choose(event, { choice: input.choice, offices: input.office, all: search })
        return { ...input, choice }
      },
      (asked) => back(asked),
    )(event),
  none: (event) =>
    act(
      whoForm,
      async (db, viewer, input, now) => {
        const { search } = await searchOf(event.locals, input)
        const { choice } = await leaveOut(db, viewer, { choice: input.choice, offices: [], all: search }, now)
        return { ...input, choice }
      },
      (asked) => back(asked),
    )(event),
  write: (event) =>
    act(
      whoForm,
      async (_db, _viewer, input) =>
        input.choice === null || input.office.length > 0
          ? choose(event, { choice: input.choice, offices: input.office })
          : { choice: input.choice },
      ({ choice }) => `/letters/new?choice=${choice}`,
    )(event),
}
