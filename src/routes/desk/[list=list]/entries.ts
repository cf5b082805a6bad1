import type { RequestEvent } from '@sveltejs/kit'
import { missing } from '#kernel/refusal.ts'
import {
  askValues,
  audienceValues,
  changedAsk,
  changedAudience,
  changedKind,
  changedVerb,
  kindValues,
  newAsk,
  newAudience,
  newKind,
  newVerb,
  verbValues,
  type ListName,
} from '#weeks/lists.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { asksOf, audiencesOf, kindsOf, verbsOf, weekByYear } from '#weeks/server/reads.ts'
import { addAsk, changeAsk } from '#weeks/server/writes/asks.ts'
import { addAudience, changeAudience } from '#weeks/server/writes/audiences.ts'
import { addKind, changeKind } from '#weeks/server/writes/kinds.ts'
import { addVerb, changeVerb } from '#weeks/server/writes/verbs.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../act.ts'

type Locals = App.Locals
export type Entry = {
  code: string
  name: string
  retired: boolean
  revision: number
  values: Record<string, string>
}

/** Answers what the form of one entry needs; looks like nothing is there to whoever may not change weeks. */
export async function formOf({ db, viewer, language }: Locals, year: string) {
  if (!mayChangeWeeks(viewer) || !/^\d{4}$/.test(year)) throw missing()
  const week = await weekByYear(db, viewer, Number(year))
  if (!week) throw missing()
  const kinds = await kindsOf(db, week.year)
  return {
    formKey: crypto.randomUUID(),
    week: { year: week.year, name: week.name },
    kinds: kinds.map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    drawn: Object.fromEntries(kinds.map((kind) => [kind.drawing, nameOf(kind, language)])),
  }
}

/** Answers one entry of a list with its form filled in. */
export async function entryOf(
  { db, language }: Locals,
  list: ListName,
  year: number,
  code: string,
): Promise<Entry> {
  const all = {
    kinds: async () =>
      (await kindsOf(db, year)).map((one) => ({ ...one, values: kindValues(one, language) })),
    audiences: async () =>
      (await audiencesOf(db, year)).map((one) => ({ ...one, values: audienceValues(one, language) })),
    verbs: async () =>
      (await verbsOf(db, year)).map((one) => ({ ...one, values: verbValues(one, language) })),
    asks: async () => (await asksOf(db, year)).map((one) => ({ ...one, values: askValues(one, language) })),
  }
  const entries: (Omit<Entry, 'name'> & { names: Record<string, string> })[] = await all[list]()
  const entry = entries.find((one) => one.code === code)
  if (!entry) throw missing()
  const { retired, revision, values } = entry
  return { code, name: nameOf(entry, language), retired, revision, values }
}

const page = (event: RequestEvent, code: string, done: string): string =>
  `/desk/${event.params['list'] ?? ''}/${event.params['week'] ?? ''}/${code}?${done}`
const added = (code: string, event: RequestEvent): string => page(event, code, 'added')
const saved = (code: string, event: RequestEvent): string => page(event, code, 'saved')

/** What the form of each list does: adds one, or changes one. */
export const forms = {
  kinds: (language: string) => ({
    add: act(newKind, (db, viewer, input, now) => addKind(db, viewer, { ...input, language }, now), added),
    change: act(
      changedKind,
      (db, viewer, input, now) => changeKind(db, viewer, { ...input, language }, now),
      saved,
    ),
  }),
  audiences: (language: string) => ({
    add: act(
      newAudience,
      (db, viewer, input, now) => addAudience(db, viewer, { ...input, language }, now),
      added,
    ),
    change: act(
      changedAudience,
      (db, viewer, input, now) => changeAudience(db, viewer, { ...input, language }, now),
      saved,
    ),
  }),
  verbs: (language: string) => ({
    add: act(newVerb, (db, viewer, input, now) => addVerb(db, viewer, { ...input, language }, now), added),
    change: act(
      changedVerb,
      (db, viewer, input, now) => changeVerb(db, viewer, { ...input, language }, now),
      saved,
    ),
  }),
  asks: (language: string) => ({
    add: act(newAsk, (db, viewer, input, now) => addAsk(db, viewer, { ...input, language }, now), added),
    change: act(
      changedAsk,
      (db, viewer, input, now) => changeAsk(db, viewer, { ...input, language }, now),
      saved,
    ),
  }),
}
