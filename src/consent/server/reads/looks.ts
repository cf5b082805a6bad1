import { sql } from 'kysely'
import type { Id, RecordFacts } from '#consent/events.ts'
import { mayMark, mayReadEvidence } from '#consent/may.ts'
import { handsOf, standingIn } from '#consent/server/hands.ts'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { versionsWith } from '#consent/server/questions.ts'
import { postersIn, stateOf } from '#consent/server/surface.ts'
import type { Waiting } from '#consent/standing.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** The decisions `r` in somebody's best interests, for the week's public pages, at which nobody independent has looked, whoever may: each about a person `p` on a surface `f`. Of several about one story the newest counts. */
export const looksUndone = (db: Db) =>
  db
    .selectFrom('records as r')
    .innerJoin('peopleShown as p', 'p.id', 'r.person')
    .innerJoin('surfaces as f', (on) => on.on(sql<boolean>`f.id::text = r.facts #>> '{about,surface}'`))
    .where('r.kind', '=', 'best-interests')
    .where('r.ended', 'is', null)
    .where('r.looked', 'is', null)
    .where(sql<boolean>`(r.facts ->> 'circle')::int >= 5`)
    .where('p.died', 'is', null)
    .where('p.forgotten', 'is', null)
    .where('f.hold', 'is', null)
    .where('f.open', '=', true)
    .where(
      sql<boolean>`exists (select from placements pl where pl.surface = f.id and pl.state <> 'purged' and pl.circle >= 5)`,
    )
    .where(
      sql<boolean>`not exists (select from records newer where newer.person = r.person and newer.kind = r.kind
        and newer.facts #>> '{about,surface}' = r.facts #>> '{about,surface}' and newer.created > r.created)`,
    )

/** Answers the decisions at which nobody independent has looked, oldest first, at most 200: neither the viewer's own decisions nor about what they posted. */
export async function looksWaiting(db: Db, viewer: Viewer, within: readonly Id[] | null): Promise<Waiting[]> {
  const hands = handsOf(viewer)
  const rows = await looksUndone(db)
    .select(['r.id as record', 'r.created', 'f.id as surface', 'p.organisation'])
    .where(sql<string>`r.facts ->> 'decider'`, 'not in', hands)
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('placements as own')
            .select('own.id')
            .whereRef('own.surface', '=', 'f.id')
            .where('own.postedBy', 'in', hands),
        ),
      ),
    )
    .$if(within !== null, (query) => query.where('p.organisation', 'in', [...(within ?? [])]))
    .orderBy('r.created')
    .limit(200)
    .execute()
  return rows.map(({ created, ...row }) => ({
    ...row,
    version: null,
    said: null,
    objection: null,
    what: 'look',
    since: created,
  }))
}

/** A decision in somebody's best interests, for whoever looks at it again. */
export type ToLook = {
  record: Id
  person: Id
  label: string
  surface: Id
  /** What shows them; null among it: the words. */
  versions: (Id | null)[]
  decision: { circle: Circle | null; consulted: number; review: Date }
  /** Where its reasons and the other records are read, and each reading noted; null for whoever may not. */
  reasons: string | null
}

/** Answers a decision for whoever may look at it: they review here or there, and neither decided it nor posted what it is about; looks like nothing is there to anybody else, once somebody has looked, and while it is held. */
export async function toLook(db: Db, viewer: Viewer, record: Id, now: Date): Promise<ToLook> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(record)) throw missing()
  const row = await db
    .selectFrom('records as r')
    .innerJoin('peopleShown as p', 'p.id', 'r.person')
    .leftJoin('organisations as o', 'o.id', 'p.organisation')
    .select(['r.id', 'r.person', 'r.facts', 'p.label', 'p.organisation', 'o.slug'])
    .where('r.id', '=', record)
    .where('r.kind', '=', 'best-interests')
    .where('r.ended', 'is', null)
    .where('r.looked', 'is', null)
    .where('p.died', 'is', null)
    .where('p.forgotten', 'is', null)
    .executeTakeFirst()
  const facts = row?.facts as Extract<RecordFacts, { type: 'best-interests' }> | undefined
  const surface = facts?.about.surface ?? null
  if (!row || !facts || surface === null) throw missing()
  const standing = await standingIn(db, viewer, row.organisation)
  const state = await stateOf(db, surface, [row.person])
  const hands = handsOf(viewer)
  if (!mayMark(viewer, standing)) throw missing()
  if (hands.some((hand) => hand === facts.decider || postersIn(state, surface).includes(hand)))
    throw missing()
  await refuseHeld(db, surface, now)
  return {
    record: row.id,
    person: row.person,
    label: standing.member ? row.label : '',
    surface,
    versions: versionsWith(state, { person: row.person, surface }),
    decision: { circle: facts.circle, consulted: facts.consulted, review: new Date(facts.review) },
    reasons: mayReadEvidence(viewer, standing)
      ? `/desk/organisations/${row.slug}/shown/${row.person}?record=${row.id}#${row.id}`
      : null,
  }
}
