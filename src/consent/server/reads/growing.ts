import { sql } from 'kysely'
import { agesAsked, reaches } from '#consent/ages.ts'
import type { Id } from '#consent/events.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import type { Db } from '#platform/server/db.ts'

type Within = { organisation: Id | null; from: Date; until: Date }

/** A permission that ends because somebody reaches an age. */
export type Growing = { permission: Id; person: Id; label: string; surface: Id | null; ends: Date }

/** Answers which permissions end within a stretch of time because somebody reaches an age at which they are asked again, before their own term does: of the people of one organisation, or of all (null). At most 1000. */
export async function endingByAge(db: Db, { organisation, from, until }: Within): Promise<Growing[]> {
  const rows = await db
    .selectFrom('permissions as p')
    .innerJoin('peopleShown as s', 's.id', 'p.person')
    .select(['p.id as permission', 'p.person', 's.label', 'p.surface', 'p.ends', 'p.created'])
    .select([
      's.ageBand',
      's.nextChange',
      sql<Id | null>`coalesce(s.organisation, p.organisation)`.as('under'),
    ])
    .where('p.state', '=', 'given')
    .where('p.ends', '>', from)
    .where('s.nextChange', 'is not', null)
    // Every step of somebody's age begins in the same month of the year.
    .where(sql<boolean>`extract(month from s.next_change) = any(${monthsOf(from, until)}::int[])`)
    .$if(organisation !== null, (query) => query.where('s.organisation', '=', organisation))
    .orderBy('s.nextChange')
    .limit(1000)
    .execute()
  const rules = new Map(
    await Promise.all(
      [...new Set(rows.map(({ under }) => under))].map(
        async (under) => [under, await policyInForce(db, under, from)] as const,
      ),
    ),
  )
  return rows.flatMap(({ ageBand, nextChange, under, created, ends, ...row }) => {
    const policy = rules.get(under)
    const person = { band: ageBand, nextChange: Date.parse(`${nextChange}T00:00:00Z`) }
    const moments = agesAsked(policy ? [policy] : [])
      .flatMap((age) => reaches(person, age) ?? [])
      .filter((moment) => moment > Math.max(from.getTime(), created.getTime()) && moment < ends.getTime())
    const next = Math.min(...moments)
    return next <= until.getTime() ? [{ ...row, ends: new Date(next) }] : []
  })
}

/** The months of the year (1 to 12) that begin within a stretch of time. */
function monthsOf(from: Date, until: Date): number[] {
  const months: number[] = []
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1))
  for (const at = first; at <= until && months.length < 13; at.setUTCMonth(at.getUTCMonth() + 1))
    months.push(at.getUTCMonth() + 1)
  return months
}
