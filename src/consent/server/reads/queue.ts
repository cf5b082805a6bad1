import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { mayLeadPermission, mayReviewPermission } from '#consent/may.ts'
import { handsOf, standingIn } from '#consent/server/hands.ts'
import { looksUndone, looksWaiting } from '#consent/server/reads/looks.ts'
import { endingByAge } from '#consent/server/reads/growing.ts'
import { papersToSee, papersUnseen } from '#consent/server/reads/papers.ts'
import { goneForAll } from '#consent/server/reads/rendition.ts'
import type { LeadView, RunsOut, Waiting } from '#consent/standing.ts'
import { day } from '#kernel/limits.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what waits for a second person, oldest first, at most 200: everything for reviewers, else what the organisations answer for that the viewer leads or is a vetted practitioner of. Nothing of their own posting. */
export async function waitingForSecond(db: Db, viewer: Viewer): Promise<Waiting[]> {
  if (viewer.account === null) return []
  const within = mayReviewPermission(viewer) ? null : await checkedBy(db, viewer)
  return within !== null && within.length === 0 ? [] : waitingIn(db, viewer, within)
}

/** Answers the organisations for which somebody looks, at most 50 as a vetted practitioner besides those they lead. */
export async function checkedBy(db: Db, viewer: Viewer): Promise<Id[]> {
  const rows = await db
    .selectFrom('members')
    .select('organisation')
    .where('account', '=', viewer.account)
    .where('vetted', '=', true)
    .limit(50)
    .execute()
  const led = viewer.roles.flatMap(({ organisation }) => organisation ?? [])
  return [...new Set([...led, ...rows.map(({ organisation }) => organisation)])]
}

/** The five things that wait, in one list. */
async function waitingIn(db: Db, viewer: Viewer, within: readonly Id[] | null): Promise<Waiting[]> {
  const [sayings, stopped, noes, papers, looks] = await Promise.all([
    unchecked(db, viewer, within),
    stoppedSurfaces(db, viewer, within),
    seenNoes(db, viewer, within),
    papersToSee(db, viewer, within),
    looksWaiting(db, viewer, within),
  ])
  const once = new Set(stopped.map(({ surface }) => surface))
  const others = noes.filter(({ surface }) => surface === null || !once.has(surface))
  return [...sayings, ...stopped, ...others, ...papers, ...looks]
    .toSorted((one, other) => one.since.getTime() - other.since.getTime())
    .slice(0, 200)
}

async function unchecked(db: Db, viewer: Viewer, within: readonly Id[] | null): Promise<Waiting[]> {
  const hands = handsOf(viewer)
  const rows = await db
    .selectFrom('sayings as s')
    .innerJoinLateral(
      (on) =>
        on
          .selectFrom('placements as p')
          .select('p.organisation')
          .whereRef('p.surface', '=', 's.surface')
          .whereRef('p.version', 'is not distinct from', 's.version')
          .where('p.state', '<>', 'purged')
          .where('p.postedBy', 'not in', hands)
          .limit(1)
          .as('p'),
      (on) => on.onTrue(),
    )
    .select(['s.id', 's.surface', 's.version', 's.said', 'p.organisation'])
    .where('s.checked', 'is', null)
    .where('s.replaced', 'is', null)
    // Nobody can look at what somebody in it took back: it is gone for whoever checks, too.
    .where(sql<boolean>`not exists (select from versions v where v.id = s.version and ${goneForAll()})`)
    .where('s.saidBy', 'not in', hands)
    .$if(within !== null, (query) => query.where('p.organisation', 'in', [...(within ?? [])]))
    .orderBy('s.said')
    .limit(200)
    .execute()
  return rows.map(({ id, said, ...row }) => ({
    ...row,
    said: id,
    objection: null,
    record: null,
    what: 'check',
    since: said,
  }))
}

async function stoppedSurfaces(db: Db, viewer: Viewer, within: readonly Id[] | null): Promise<Waiting[]> {
  const hands = handsOf(viewer)
  const rows = await db
    .selectFrom('surfaces as f')
    .leftJoinLateral(
      (on) =>
        on
          .selectFrom('placements as p')
          .select(['p.organisation', 'p.postedBy'])
          .whereRef('p.surface', '=', 'f.id')
          .limit(1)
          .as('p'),
      (on) => on.onTrue(),
    )
    .select(['f.id', 'f.stopped', 'p.organisation'])
    .where('f.stopped', 'is not', null)
    // What is held waits with the concern about it, and a story that is hidden where stories are.
    .where('f.hold', 'is', null)
    .where('f.open', '=', true)
    // What a looser policy would allow again has a page of its own, and is nothing that anybody waits for.
    .where('f.byPolicy', '=', false)
    .where((on) => on.or([on('p.postedBy', 'is', null), on('p.postedBy', 'not in', hands)]))
    .$if(within !== null, (query) => query.where('p.organisation', 'in', [...(within ?? [])]))
    .orderBy('f.stopped')
    .limit(200)
    .execute()
  return rows.flatMap(({ id, stopped, organisation }) =>
    stopped === null
      ? []
      : [
          {
            surface: id,
            version: null,
            said: null,
            objection: null,
            record: null,
            what: 'restore' as const,
            since: stopped,
            organisation,
          },
        ],
  )
}

async function seenNoes(db: Db, viewer: Viewer, within: readonly Id[] | null): Promise<Waiting[]> {
  const hands = handsOf(viewer)
  const rows = await db
    .selectFrom('objections as o')
    .leftJoin('peopleShown as p', 'p.id', 'o.person')
    .leftJoin('surfaces as f', 'f.id', 'o.surface')
    .select(['o.id as objection', 'o.surface', 'o.version', 'o.at', 'p.organisation'])
    .where('o.whose', '=', 'observed')
    .where('o.ended', 'is', null)
    .where('f.hold', 'is', null)
    .where('o.byAccount', 'is distinct from', viewer.account)
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('placements as own')
            .select('own.id')
            .whereRef('own.surface', '=', 'o.surface')
            .where('own.postedBy', 'in', hands),
        ),
      ),
    )
    .$if(within !== null, (query) => query.where('p.organisation', 'in', [...(within ?? [])]))
    .orderBy('o.at')
    .limit(200)
    .execute()
  return rows.map(({ at, ...row }) => ({ ...row, said: null, record: null, what: 'objection', since: at }))
}

/** Answers how many things have waited for a second person since before a moment; for telling whoever is the backup. */
export async function countWaitingSince(db: Db, moment: Date): Promise<number> {
  const sayings = await db
    .selectFrom('sayings as s')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('s.checked', 'is', null)
    .where('s.replaced', 'is', null)
    .where(sql<boolean>`not exists (select from versions v where v.id = s.version and ${goneForAll()})`)
    .where('s.said', '<', moment)
    .executeTakeFirstOrThrow()
  const stopped = await db
    .selectFrom('surfaces')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('stopped', '<', moment)
    .where('hold', 'is', null)
    .where('open', '=', true)
    .where('byPolicy', '=', false)
    .executeTakeFirstOrThrow()
  const papers = await papersUnseen(db)
    .select((on) => on.fn.count<number>('p.surface').distinct().as('count'))
    .where('p.changed', '<', moment)
    .executeTakeFirstOrThrow()
  const looks = await looksUndone(db)
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('r.created', '<', moment)
    .executeTakeFirstOrThrow()
  return sayings.count + stopped.count + papers.count + looks.count
}

/** Answers an organisation's view for its lead; looks like nothing is there to anybody else. */
export async function leadView(db: Db, viewer: Viewer, organisation: Id, now: Date): Promise<LeadView> {
  if (!mayLeadPermission(viewer, await standingIn(db, viewer, organisation))) throw missing()
  const counts = await db
    .selectFrom('placements')
    .select(['state'])
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('organisation', '=', organisation)
    .groupBy('state')
    .execute()
  const of = (state: string): number => counts.find((row) => row.state === state)?.count ?? 0
  return {
    shown: of('live'),
    held: of('held'),
    hidden: of('hidden'),
    waiting: await waitingIn(db, viewer, [organisation]),
    runsOut: await runsOutSoon(db, viewer, { organisation, days: 30 }, now),
  }
}

/** Answers what runs out within so many days, soonest first, at most 200: of one organisation for its lead, of all for reviewers (null). */
export async function runsOutSoon(
  db: Db,
  viewer: Viewer,
  input: { organisation: Id | null; days: number },
  now: Date,
): Promise<RunsOut[]> {
  const { organisation, days } = input
  const may =
    organisation === null
      ? mayReviewPermission(viewer)
      : mayLeadPermission(viewer, await standingIn(db, viewer, organisation))
  if (!may) throw missing()
  const until = new Date(now.getTime() + days * day)
  const [grow, rows, reviews] = await Promise.all([
    endingByAge(db, { organisation, from: now, until }),
    db
      .selectFrom('permissions as p')
      .innerJoin('peopleShown as s', 's.id', 'p.person')
      .select(['p.id as permission', 'p.person', 's.label', 'p.surface', 'p.ends'])
      .where('p.state', '=', 'given')
      .where('p.ends', '>', now)
      .where('p.ends', '<=', until)
      .$if(organisation !== null, (query) => query.where('s.organisation', '=', organisation))
      .orderBy('p.ends')
      .limit(1000)
      .execute(),
    reviewsDue(db, { organisation, now, until }),
  ])
  const older = new Set(grow.map(({ permission }) => permission))
  const soon: RunsOut[] = [
    ...grow.map((row): RunsOut => ({ ...row, why: 'age' })),
    ...rows
      .filter(({ permission }) => !older.has(permission))
      .map((row): RunsOut => ({ ...row, why: 'ends' })),
    ...reviews,
  ]
  return soon.toSorted((one, other) => one.ends.getTime() - other.ends.getTime()).slice(0, 200)
}

type Between = { organisation: Id | null; now: Date; until: Date }

/** Decisions by somebody else that have to be looked at again. */
async function reviewsDue(db: Db, { organisation, now, until }: Between): Promise<RunsOut[]> {
  const review = sql<number>`(r.facts ->> 'review')::float8`
  const rows = await db
    .selectFrom('records as r')
    .innerJoin('peopleShown as s', 's.id', 'r.person')
    .select(['r.id as permission', 'r.person', 's.label', review.as('review')])
    .select(sql<Id | null>`r.facts #>> '{about,surface}'`.as('surface'))
    .where('r.kind', 'in', ['capacity', 'best-interests'])
    .where('r.ended', 'is', null)
    .where(review, '>', now.getTime())
    .where(review, '<=', until.getTime())
    .$if(organisation !== null, (query) => query.where('s.organisation', '=', organisation))
    .orderBy(review)
    .limit(200)
    .execute()
  return rows.map(({ review: at, ...row }) => ({ ...row, ends: new Date(at), why: 'review' }))
}
