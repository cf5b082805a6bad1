import { sql } from 'kysely'
import { decidedOn, decidersOf, type Decided } from '#consent/decided.ts'
import type { Id } from '#consent/events.ts'
import { mayCheck } from '#consent/may.ts'
import { handsOf, standingIn } from '#consent/server/hands.ts'
import { organisationOf, postersIn, stateOf } from '#consent/server/surface.ts'
import type { State } from '#consent/state.ts'
import { missing } from '#kernel/refusal.ts'
import type { Signer } from '#organisations/paper.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** How it was decided for somebody, and what they are called, only to those who belong to who answers for it. */
export type DecidedFor = Decided & {
  label: string
  /** Who signed, where it was said by a form on paper: nobody got a link. */
  signer: Signer | null
  /** The account by which the link was answered; "" when nobody was signed in. */
  name: string
}

async function decidedFor(
  db: Db,
  viewer: Viewer,
  { state, surface }: { state: State; surface: Id },
  now: Date,
): Promise<DecidedFor[]> {
  const decided = decidedOn(state, surface, now.getTime())
  const { member } = await standingIn(db, viewer, organisationOf(state, surface))
  if (decided.length === 0) return []
  const rows = await db
    .selectFrom('permissions as p')
    .innerJoin('peopleShown as s', 's.id', 'p.person')
    .innerJoin('consentEvents as e', (on) => on.onRef('e.person', '=', 'p.person').on('e.kind', '=', 'given'))
    .leftJoin('accounts as who', (on) => on.on(sql<boolean>`who.id::text = e.by_whom`))
    .leftJoin('paperAnswers as a', (on) =>
      on.onRef('a.form', '=', 'p.paper').onRef('a.supported', '=', 's.supported'),
    )
    .select(['p.id', 'p.paper', 's.label', 'a.byWhom', 'who.name'])
    .where(sql<boolean>`e.facts ->> 'permission' = p.id::text`)
    .where(
      'p.id',
      'in',
      decided.map(({ permission }) => permission),
    )
    .execute()
  return decided.map((one) => {
    const row = rows.find(({ id }) => id === one.permission)
    return {
      ...one,
      label: member ? (row?.label ?? '') : '',
      signer: row?.byWhom ?? null,
      name: row?.paper === null ? (row.name ?? '') : '',
    }
  })
}

/** Answers how it was decided for everybody on a surface, for somebody whom the caller has found to check who is in it. */
export const decidedHere = async (db: Db, viewer: Viewer, surface: Id, now: Date): Promise<DecidedFor[]> =>
  decidedFor(db, viewer, { state: await stateOf(db, surface), surface }, now)

/** Answers by which papers others decided something on a surface that nobody independent has seen, for whoever may say that they saw them: neither poster nor decider; looks like nothing is there to anybody else. */
export async function toSight(db: Db, viewer: Viewer, surface: Id, now: Date): Promise<DecidedFor[]> {
  if (!/^[0-9a-f-]{36}$/.test(surface)) throw missing()
  const [state, held] = await Promise.all([
    stateOf(db, surface),
    db.selectFrom('surfaces').select('hold').where('id', '=', surface).executeTakeFirst(),
  ])
  const waits = decidedOn(state, surface, now.getTime()).some(unseen)
  if (!waits || held?.hold !== null || !(await maySight(db, viewer, state, surface))) throw missing()
  return (await decidedFor(db, viewer, { state, surface }, now)).filter(unseen)
}

const unseen = ({ records }: Decided): boolean => records.some(({ seen }) => seen === false)

/** Answers whether the viewer may say that they saw a paper: they check for who answers for it, or review, and neither posted nor decided anything here. */
export async function maySight(db: Db, viewer: Viewer, state: State, surface: Id): Promise<boolean> {
  const here = [...state.permissions.values()]
    .flat()
    .filter(({ about }) => about.surface === surface || about.surface === null)
  const others = [...postersIn(state, surface), ...here.flatMap(decidersOf)]
  const standing = await standingIn(db, viewer, organisationOf(state, surface))
  return mayCheck(viewer, standing, { posters: others, said: '', hands: handsOf(viewer) })
}
