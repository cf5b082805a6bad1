import { sql } from 'kysely'
import type { Id, RecordFacts } from '#consent/events.ts'
import { mayRecord } from '#consent/may.ts'
import { standingIn } from '#consent/server/hands.ts'
import type { PermissionState } from '#consent/permission.ts'
import { modes, type AgeBand, type Circle, type Mode, type Route } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers whether the viewer keeps records of an organisation's people: its lead and its vetted practitioners. */
export const recordsHere = async (db: Db, viewer: Viewer, organisation: Id): Promise<boolean> =>
  mayRecord(viewer, await standingIn(db, viewer, organisation))

/** Somebody whom an organisation shows, or was asked to; `stories`: in how many they are now. */
export type PersonUnder = { id: Id; label: string; ageBand: AgeBand; died: boolean; stories: number }

/** Answers whom an organisation shows, or was asked to, at most 500, by label; for whoever keeps its records. */
export async function peopleUnder(db: Db, viewer: Viewer, organisation: Id): Promise<PersonUnder[]> {
  if (!(await recordsHere(db, viewer, organisation))) throw missing()
  const rows = await db
    .selectFrom('peopleShown as p')
    .leftJoin('appearances as a', 'a.person', 'p.id')
    // What was taken out shows nobody any more.
    .leftJoin('placements as t', (on) =>
      on
        .onRef('t.surface', '=', 'a.surface')
        .on('t.state', '<>', 'purged')
        .on(sql<boolean>`p.id = any(t.about)`),
    )
    .leftJoin('surfaces as f', 'f.id', 't.surface')
    .select((on) => [
      'p.id',
      'p.label',
      'p.ageBand',
      'p.died',
      // What is kept safe is told of nowhere, in no count either.
      on.fn.count<number>('t.surface').distinct().filterWhere('f.hold', 'is', null).as('stories'),
    ])
    .where('p.organisation', '=', organisation)
    .where('p.forgotten', 'is', null)
    .groupBy('p.id')
    .orderBy('p.label')
    .limit(500)
    .execute()
  return rows.map(({ died, ageBand, ...row }) => ({
    ...row,
    ageBand,
    died: died !== null,
  }))
}

export type RecordView = {
  id: Id
  kind: RecordFacts['type']
  facts: RecordFacts & { label?: string }
  /** Its words in the evidence store, when there are any. */
  evidence: Id | null
  created: Date
  ended: Date | null
}
export type PersonRecords = {
  id: Id
  label: string
  ageBand: AgeBand
  /** The month of their next step of age. */
  nextChange: string | null
  notLocatable: boolean
  doNotShow: boolean
  died: boolean
  records: RecordView[]
  permissions: {
    id: Id
    route: Route
    circle: Circle
    state: PermissionState
    ends: Date
    surface: Id | null
    /** One of several who were asked said no. */
    refused: boolean
    /** When it was decided: what was signed on paper, on that day; null: nobody has. */
    decided: Date | null
  }[]
  /** Where they are, or were, in something. */
  surfaces: Id[]
  /** All in which they are now, to look at; "words" among them: the words of a story. */
  looked: string[]
}

/** Answers what is kept of somebody: marks, records without their words, permissions; for whoever keeps the records of their organisation. */
export async function personRecords(
  db: Db,
  viewer: Viewer,
  input: { organisation: Id; person: Id },
): Promise<PersonRecords> {
  const { organisation, person } = input
  if (!/^[0-9a-f-]{36}$/.test(person) || !(await recordsHere(db, viewer, organisation))) throw missing()
  const row = await db
    .selectFrom('peopleShown')
    .select(['id', 'label', 'ageBand', 'nextChange', 'notLocatable', 'doNotShow', 'died'])
    .where('id', '=', person)
    .where('organisation', '=', organisation)
    .where('forgotten', 'is', null)
    .executeTakeFirst()
  if (!row) throw missing()
  const [records, permissions, surfaces] = await Promise.all([
    db
      .selectFrom('records')
      .select(['id', 'kind', 'facts', 'evidence', 'created', 'ended'])
      .where('person', '=', person)
      .orderBy('created', 'desc')
      .limit(100)
      .execute(),
    permissionsOf(db, person),
    db
      .selectFrom('appearances')
      .select(['surface', 'version', 'ended'])
      .where('person', '=', person)
      .orderBy('created', 'desc')
      .limit(100)
      .execute(),
  ])
  const now = new Set(surfaces.flatMap((one) => (one.ended === null ? [one.version ?? 'words'] : [])))
  return {
    ...row,
    ageBand: row.ageBand,
    died: row.died !== null,
    records: records.map((one) => ({
      ...one,
      kind: one.kind,
      facts: one.facts as RecordView['facts'],
    })),
    permissions: permissions.map((one) => ({
      ...one,
      route: one.route,
      circle: one.circle,
      state: one.state,
    })),
    surfaces: [...new Set(surfaces.map(({ surface }) => surface))],
    looked: [...now],
  }
}

/** What was asked of somebody, the newest first, and whether one of several said no to it. */
const permissionsOf = (db: Db, person: Id) =>
  db
    .selectFrom('permissions')
    .select(['id', 'route', 'circle', 'state', 'ends', 'surface'])
    .select(
      sql<boolean>`exists (select from consent_events e where e.person = permissions.person
          and e.kind = 'answered' and e.facts ->> 'permission' = permissions.id::text
          and e.facts ->> 'answer' = 'no')`.as('refused'),
    )
    .select(
      sql<Date | null>`(select min(least(e.at, to_timestamp((e.facts ->> 'signed')::float8 / 1000)))
          from consent_events e where e.person = permissions.person
          and e.kind = 'given' and e.facts ->> 'permission' = permissions.id::text)`.as('decided'),
    )
    .where('person', '=', person)
    .orderBy('created', 'desc')
    .limit(100)
    .execute()

/** Answers what of a surface shows somebody, or names them (null: its words), and in which ways. */
export async function appearsIn(
  db: Db,
  { person, surface }: { person: Id; surface: Id },
): Promise<{ versions: (Id | null)[]; modes: Mode[] }> {
  const rows = await db
    .selectFrom('appearances')
    .select(['version', 'modes'])
    .where('person', '=', person)
    .where('surface', '=', surface)
    .where('ended', 'is', null)
    .limit(100)
    .execute()
  const ways = new Set(rows.flatMap((row) => row.modes))
  return {
    versions: [...new Set(rows.map(({ version }) => version))],
    modes: modes.filter((mode) => ways.has(mode)),
  }
}

type StateUnder = 'live' | 'held' | 'hidden' | 'draft'
/** One story under an organisation, and how it stands: as a whole, and each photograph of it that does not live. */
export type ShownUnder = {
  surface: Id
  state: StateUnder
  reasons: string[]
  waits: { version: Id; state: StateUnder; reasons: string[] }[]
}

/** Answers the stories that an organisation answers for, newest change first, at most 100, each with the worst state of its parts and why; for whoever keeps its records. */
export async function shownUnder(db: Db, viewer: Viewer, organisation: Id): Promise<ShownUnder[]> {
  if (!(await recordsHere(db, viewer, organisation))) throw missing()
  const rows = await db
    .selectFrom('placements')
    .select(['surface', 'version', 'state', 'reasons'])
    .where('organisation', '=', organisation)
    .where('state', '<>', 'purged')
    .orderBy('changed', 'desc')
    .limit(500)
    .execute()
  const order = ['hidden', 'held', 'draft', 'live'] as const
  return [...Map.groupBy(rows, ({ surface }) => surface)].slice(0, 100).map(([surface, parts]) => ({
    surface,
    state: order.find((state) => parts.some((part) => part.state === state)) ?? 'draft',
    reasons: [...new Set(parts.flatMap(({ reasons }) => reasons))],
    waits: parts.flatMap(({ version, reasons, state: kept }) => {
      const state = order.find((one) => one === kept) ?? 'draft'
      return version === null || state === 'live' ? [] : [{ version, state, reasons }]
    }),
  }))
}
