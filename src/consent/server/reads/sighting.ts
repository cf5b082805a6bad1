import { sql } from 'kysely'
import { decidedOn, decidersOf, type Decided } from '#consent/decided.ts'
import type { Hand, Id } from '#consent/events.ts'
import { mayCheck } from '#consent/may.ts'
import { lackingFor } from '#consent/server/lacking.ts'
import { handsOf, standingIn } from '#consent/server/hands.ts'
import { organisationOf, postersIn, stateOf } from '#consent/server/surface.ts'
import type { State } from '#consent/state.ts'
import { recordWhys, type Why } from '#consent/why.ts'
import { missing } from '#kernel/refusal.ts'
import type { Signer } from '#organisations/paper.ts'
import { whoToAsk, type WhoToAsk } from '#organisations/server/reads/members.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** In which part somebody did something about a decision: they posted it, hold the link, or what they are for who answers for it, or for the site. Never who they are. */
export type Part = 'poster' | 'link' | 'lead' | 'vetted' | 'organiser' | 'reviewer' | 'other'

/** How it was decided for somebody, and what they are called, only to those who belong to who answers for it. */
export type DecidedFor = Omit<Decided, 'by' | 'posted' | 'records'> & {
  by: Part
  /** Each with whether whoever wrote it down also decided. */
  records: readonly (Omit<Decided['records'][number], 'by'> & { by: Part; decided: boolean })[]
  label: string
  /** What has to be written down for it, and is not. */
  lacking: readonly Why[]
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
  const organisation = organisationOf(state, surface)
  const { member } = await standingIn(db, viewer, organisation)
  if (decided.length === 0) return []
  const parts = await partsIn(
    db,
    organisation,
    decided.flatMap(({ by, records }) => [by, ...records.map((one) => one.by)]),
  )
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
  return decided.map(({ by, posted, records, ...one }) => {
    const row = rows.find(({ id }) => id === one.permission)
    const part = (hand: Hand): Part => (posted(hand) ? 'poster' : (parts.get(hand) ?? 'other'))
    // Only a decision in somebody's best interests is taken without a link, or a form on paper.
    const decider = posted(by) ? 'poster' : one.route === 'best-interests' ? part(by) : 'link'
    return {
      ...one,
      by: decider,
      records: records.map((record) => ({ ...record, by: part(record.by), decided: record.by === by })),
      label: member ? (row?.label ?? '') : '',
      lacking: lackingFor(state, { ...one, surface }, now.getTime()).filter((why) =>
        recordWhys.includes(why),
      ),
      signer: row?.byWhom ?? null,
      name: row?.paper === null ? (row.name ?? '') : '',
    }
  })
}

/** What the hands that did something are: of several things the one by which they may do most for who answers for it. */
async function partsIn(db: Db, organisation: Id | null, hands: readonly Hand[]): Promise<Map<Hand, Part>> {
  const accounts = [...new Set(hands)].filter((hand) => /^[0-9a-f-]{36}$/.test(hand))
  const parts = new Map<Hand, Part>(
    hands.flatMap((hand) => (hand.startsWith('link:') ? [[hand, 'link']] : [])),
  )
  if (accounts.length === 0) return parts
  const [roles, vetted] = await Promise.all([
    db
      .selectFrom('roles')
      .select(['account', 'role', 'organisation'])
      .where('account', 'in', accounts)
      .execute(),
    db
      .selectFrom('members')
      .select('account')
      .where('account', 'in', accounts)
      .where('organisation', '=', organisation)
      .where('vetted', '=', true)
      .execute(),
  ])
  for (const account of accounts) {
    const own = roles.filter((row) => row.account === account)
    if (own.some((row) => row.role === 'organisation-lead' && row.organisation === organisation))
      parts.set(account, 'lead')
    else if (vetted.some((row) => row.account === account)) parts.set(account, 'vetted')
    else if (own.some(({ role }) => role === 'organiser')) parts.set(account, 'organiser')
    else if (own.some(({ role }) => role === 'reviewer')) parts.set(account, 'reviewer')
  }
  return parts
}

/** Answers how it was decided for everybody on a surface, for somebody whom the caller has found to check who is in it. */
export const decidedHere = async (db: Db, viewer: Viewer, surface: Id, now: Date): Promise<DecidedFor[]> =>
  decidedFor(db, viewer, { state: await stateOf(db, surface), surface }, now)

/** What somebody needs to see a paper: what was decided by it and for whom, and whom to ask; null: no organisation answers for it. */
export type ToSight = { decided: DecidedFor[]; ask: WhoToAsk | null }

/** Answers by which papers others decided something on a surface that nobody independent has seen, for whoever may say that they saw them: neither poster nor decider; looks like nothing is there to anybody else. */
export async function toSight(db: Db, viewer: Viewer, surface: Id, now: Date): Promise<ToSight> {
  if (!/^[0-9a-f-]{36}$/.test(surface)) throw missing()
  const [state, held] = await Promise.all([
    stateOf(db, surface),
    db.selectFrom('surfaces').select('hold').where('id', '=', surface).executeTakeFirst(),
  ])
  const waits = decidedOn(state, surface, now.getTime()).some(unseen)
  if (!waits || held?.hold !== null || !(await maySight(db, viewer, state, surface))) throw missing()
  const [decided, labels] = await Promise.all([
    decidedFor(db, viewer, { state, surface }, now),
    labelsOf(db, state),
  ])
  const organisation = organisationOf(state, surface)
  return {
    // Nobody can tell whether a paper is about somebody whom nothing names.
    decided: decided.filter(unseen).map((one) => ({ ...one, label: labels.get(one.person) ?? '' })),
    ask: organisation === null ? null : await whoToAsk(db, organisation),
  }
}

async function labelsOf(db: Db, { permissions }: State): Promise<Map<Id, string>> {
  const rows = await db
    .selectFrom('peopleShown')
    .select(['id', 'label'])
    .where('id', '=', sql<Id>`any(${[...permissions.keys()]}::uuid[])`)
    .execute()
  return new Map(rows.map(({ id, label }) => [id, label]))
}

const unseen = ({ records }: Pick<Decided, 'records'> | Pick<DecidedFor, 'records'>): boolean =>
  records.some(({ seen }) => seen === false)

/** Answers whether the viewer may say that they saw a paper: they check for who answers for it, or review, and neither posted nor decided anything here. */
export async function maySight(db: Db, viewer: Viewer, state: State, surface: Id): Promise<boolean> {
  const here = [...state.permissions.values()]
    .flat()
    .filter(({ about }) => about.surface === surface || about.surface === null)
  const others = [...postersIn(state, surface), ...here.flatMap(decidersOf)]
  const standing = await standingIn(db, viewer, organisationOf(state, surface))
  return mayCheck(viewer, standing, { posters: others, said: '', hands: handsOf(viewer) })
}
