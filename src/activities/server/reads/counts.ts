import { sql } from 'kysely'
import type { Filter } from '#activities/filter.ts'
import { asksNothing } from '#activities/filter.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import type { Db } from '#platform/server/db.ts'

/** A week in numbers: what was published and not cancelled. */
export type WeekCounts = {
  activities: number
  countries: number
  byKind: { kind: string; count: number }[]
  byCountry: { country: string; count: number }[]
}

const most = (one: { count: number }, other: { count: number }): number => other.count - one.count

/** Answers a week in numbers. Reads a few hundred rows, however many activities there are. */
export async function countsOf(db: Db, year: number): Promise<WeekCounts> {
  const { rows } = await sql<{ kind: string; country: string | null; count: number }>`
    select kind, country, sum(published)::bigint as count from activity_tallies where week = ${year} and ${ledgerOpen}
    group by kind, country having sum(published) > 0`.execute(db)
  const kinds = new Map<string, number>()
  const countries = new Map<string, number>()
  let activities = 0
  for (const { kind, country, count } of rows) {
    activities += count
    kinds.set(kind, (kinds.get(kind) ?? 0) + count)
    if (country !== null) countries.set(country, (countries.get(country) ?? 0) + count)
  }
  return {
    activities,
    countries: countries.size,
    byKind: [...kinds].map(([kind, count]) => ({ kind, count })).toSorted(most),
    byCountry: [...countries].map(([country, count]) => ({ country, count })).toSorted(most),
  }
}

/** Answers whether the tallies alone know the answer to a filter: nothing but kinds, countries and a week is asked. */
export const talliesKnow = (filter: Filter): boolean => asksNothing({ ...filter, kind: [], country: [] })

/** The rows of the tallies that a filter is about. */
export const tallied = (filter: Filter, year: number) => sql`week = ${year} and ${ledgerOpen}
  and (${filter.kind.length === 0} or kind = any(${[...filter.kind]}::text[]))
  and (${filter.country.length === 0} or country = any(${[...filter.country]}::text[]))`

/** Answers how many activities are listed that fulfil a filter of kinds and countries. */
export async function countTallied(db: Db, filter: Filter, year: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(listed), 0)::bigint as count from activity_tallies where ${tallied(filter, year)}`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}

/** Answers the countries in which something of a week can be found, the fullest first. */
export async function countriesOf(db: Db, year: number): Promise<string[]> {
  const { rows } = await sql<{ country: string }>`
    select country from activity_tallies where week = ${year} and country is not null and ${ledgerOpen}
    group by country having sum(listed) > 0 order by sum(listed) desc, country`.execute(db)
  return rows.map((row) => row.country)
}

/** Answers the weeks of which something is listed. */
export async function weeksListed(db: Db): Promise<number[]> {
  const { rows } = await sql<{ week: number }>`
    select week from activity_tallies where ${ledgerOpen} group by week having sum(listed) > 0`.execute(db)
  return rows.map((row) => row.week)
}
