import { sql } from 'kysely'
import { eventOf, type Row } from '#consent/server/log.ts'
import type { Event, Id } from '#consent/events.ts'
import type { Db } from '#platform/server/db.ts'

/** Which part of the log is wanted: these surfaces with everybody on them, and these people. */
export type Scope = { surfaces: readonly Id[]; people: readonly Id[] }

/** Answers every event that decides about some surfaces and people, in order: theirs, and the policies they are under. */
export async function eventsOf(db: Db, { surfaces, people }: Scope): Promise<Event[]> {
  const found = await sql<Row>`
    with here as (
      select * from consent_events where surface = any(${[...surfaces]}::uuid[]) and facts is not null
    ), who as (
      select distinct person from here where kind = 'appears' and person is not null
      union select unnest(${[...people]}::uuid[])
    ), theirs as (
      select e.* from consent_events e join who on who.person = e.person
      where e.facts is not null and e.kind not in ('appears', 'opened')
    ), under as (
      select (facts->>'organisation')::uuid as organisation from here where kind = 'placed'
      union select (facts->>'organisation')::uuid from theirs where kind = 'person'
    ), rules as (
      select e.* from consent_events e join under on under.organisation = e.organisation
    )
    select n, at, kind, by_whom, facts from here where kind <> 'opened'
    union select n, at, kind, by_whom, facts from theirs
    union select n, at, kind, by_whom, facts from rules
    order by n`.execute(db)
  return found.rows.map(eventOf)
}

/** Answers the surfaces that some people are, or were, on. */
export async function surfacesWith(db: Db, people: readonly Id[]): Promise<Id[]> {
  if (people.length === 0) return []
  const rows = await db
    .selectFrom('appearances')
    .select('surface')
    .distinct()
    .where('person', 'in', [...people])
    .execute()
  return rows.map(({ surface }) => surface)
}

/** Answers the surfaces that an organisation answers for, or that show somebody it supports. */
export async function surfacesUnder(db: Db, organisation: Id): Promise<Id[]> {
  const rows = await db
    .selectFrom('placements')
    .select('surface')
    .where('organisation', '=', organisation)
    .union(
      db
        .selectFrom('appearances as a')
        .innerJoin('peopleShown as p', 'p.id', 'a.person')
        .select('a.surface')
        .where('p.organisation', '=', organisation),
    )
    .execute()
  return rows.map(({ surface }) => surface)
}
