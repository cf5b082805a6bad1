import type { BadValue } from '#activities/filter.ts'
import { groupBySlug } from '#groups/server/reads.ts'
import { anybody } from '#kernel/viewer.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import type { Week } from '#weeks/week.ts'

type Askable = { kind: readonly string[]; group: string | null; week: number | null }
type Read<Filter> = { filter: Filter; bad: BadValue[] }

/** Answers what was read from an address with the week it is asked of; a week, group or kind that is not there is left out and counts as a bad value. */
export async function askedOf<Filter extends Askable>(
  { db }: App.Locals,
  read: Read<Filter>,
  weekOf: (year: number | null) => Promise<Week | null>,
): Promise<Read<Filter> & { week: Week | null }> {
  const { filter } = read
  const bad = [...read.bad]
  const unknown = (name: BadValue['name'], value: string) => bad.push({ name, value, why: 'unknown' })
  const named = filter.week === null ? null : await weekOf(filter.week)
  if (filter.week !== null && named === null) unknown('week', String(filter.week))
  const week = named ?? (await weekOf(null))
  const group = filter.group === null ? null : await groupBySlug(db, anybody, filter.group)
  if (filter.group !== null && group === null) unknown('group', filter.group)
  let { kind } = filter
  if (week !== null && kind.length > 0) {
    const kinds = (await kindsOf(db, week.year)).map(({ code }) => code)
    for (const code of kind.filter((code) => !kinds.includes(code))) unknown('kind', code)
    kind = kind.filter((code) => kinds.includes(code))
  }
  return { filter: { ...filter, kind, group: group?.slug ?? null, week: named?.year ?? null }, bad, week }
}
