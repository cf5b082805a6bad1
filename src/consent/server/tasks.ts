import { happened } from '#consent/server/happened.ts'
import type { Facts, Id } from '#consent/events.ts'
import { forgetWithdrawn } from '#consent/server/likeness.ts'
import { newLink, type Part } from '#consent/server/links.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { endingByAge } from '#consent/server/reads/growing.ts'
import { remindOfPapers } from '#consent/server/tasks-papers.ts'
import { sql } from 'kysely'
import { day } from '#kernel/limits.ts'
import type { Language } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import type { Task } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** How many days before a permission ends somebody hears of it. */
export const remindedDays = [30, 7] as const
/** The most that one run takes in hand; the next run takes the rest. */
const most = 500

/** Writes down which permissions have ended, and which placements come back only by a person now. It hides nothing: reading has done that by itself at the moment. Runs twice without harm. */
export const noteEnds: Task = async (db, _payload, now) => {
  await inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const ended = await trx
      .selectFrom('permissions')
      .select(['id', 'person', 'surface'])
      .where('state', 'in', ['given', 'suspended'])
      .where('ends', '<=', now)
      .orderBy('ends')
      .limit(most)
      .execute()
    const drafts = ended.map(({ id, person }): Draft => {
      const facts: Facts = { kind: 'expired', permission: id, person }
      return { facts, by: 'site' }
    })
    const surfaces = await lapsedSurfaces(trx, now)
    if (drafts.length === 0 && surfaces.length === 0) return
    const people = [...new Set(ended.map(({ person }) => person))]
    await happened(trx, { surfaces, people, drafts }, now)
  })
}

/** Surfaces with something that was live and will not be seen again by itself. */
async function lapsedSurfaces(trx: Trx, now: Date): Promise<Id[]> {
  const found = await sql<{ surface: Id }>`
    select distinct surface from placements
    where state = 'live' and (isempty(shows) or upper(shows) <= ${now}) limit ${most}`.execute(trx)
  return found.rows.map(({ surface }) => surface)
}

/** Tells 30 and 7 days ahead that a yes runs out, by its term, by an age or because it is due again: whoever typed an address on that page, else whoever asked for it, when they have an account; of a yes for all stories, whoever leads the organisation. Nobody hears twice. */
export const remindOfEnds: Task = async (db, _payload, now) => {
  for (const days of remindedDays) {
    const until = new Date(now.getTime() + days * day)
    const from = new Date(until.getTime() - 2 * day)
    const rows = await endingBetween(db, from, until)
    rows.push(...(await dueBetween(db, from, until)))
    rows.push(...(await growingBetween(db, from, until)))
    for (const row of rows) await inTransaction(db, (trx) => remind(trx, { ...row, days }, now))
    await remindOfPapers(db, { from, until, days }, now)
  }
}

const endingBetween = (db: Db, from: Date, to: Date) =>
  toRemind(db)
    .where('p.state', '=', 'given')
    .where('p.surface', 'is not', null)
    .where('p.ends', '>', from)
    .where('p.ends', '<=', to)
    .orderBy('p.ends')
    .limit(most)
    .execute()

/** What ends because a decision by others is due to be looked at again: for whoever typed an address on that page. Whoever decided hears of it by itself. */
async function dueBetween(db: Db, from: Date, until: Date) {
  const review = sql<number>`(r.facts ->> 'review')::float8`
  const rows = await toRemind(db)
    .innerJoin('records as r', 'r.person', 'p.person')
    .select(review.as('review'))
    .where('p.state', '=', 'given')
    .where('p.route', 'in', ['best-interests', 'attorney'])
    .where('l.email', 'is not', null)
    .where('r.kind', 'in', ['capacity', 'best-interests'])
    .where('r.ended', 'is', null)
    .where(sql<boolean>`coalesce(r.facts #>> '{about,surface}', p.surface::text) = p.surface::text`)
    .where(review, '>', from.getTime())
    .where(review, '<=', until.getTime())
    .whereRef(sql`to_timestamp(${review} / 1000)`, '<', 'p.ends')
    .orderBy('p.ends')
    .limit(most)
    .execute()
  return rows.map((row) => ({ ...row, ends: new Date(row.review) }))
}

/** What ends because somebody is asked again at an age (rule 21). */
async function growingBetween(db: Db, from: Date, until: Date) {
  const grow = await endingByAge(db, { organisation: null, from, until })
  const when = new Map(grow.flatMap(({ permission, surface, ends }) => (surface ? [[permission, ends]] : [])))
  if (when.size === 0) return []
  const rows = await toRemind(db)
    .where('p.id', 'in', [...when.keys()].slice(0, most))
    .execute()
  return rows.map((row) => ({ ...row, ends: when.get(row.id) ?? row.ends }))
}

const toRemind = (db: Db) =>
  db
    .selectFrom('permissions as p')
    .leftJoin('consentLinks as l', (on) =>
      on
        .onRef('l.person', '=', 'p.person')
        .onRef('l.surface', '=', 'p.surface')
        .on('l.email', 'is not', null),
    )
    .leftJoin('accounts as a', (on) => on.on(sql<boolean>`a.id::text = p.asked_by`))
    .select(['p.id', 'p.person', 'p.surface', 'p.ends', 'l.email', 'l.part', 'l.holder', 'l.language'])
    .select(['a.email as askerEmail', 'a.language as askerLanguage'])

type Ending = Awaited<ReturnType<typeof endingBetween>>[number] & { days: number }

async function remind(trx: Trx, ending: Ending, now: Date): Promise<void> {
  const address = ending.email ?? ending.askerEmail
  if (address === null || ending.surface === null) return
  const language = (ending.email === null ? ending.askerLanguage : ending.language) ?? 'en'
  const { person, surface } = ending
  // Whoever asked gets a link to hand over; it decides as little or as much as the one before.
  const part = ending.email === null ? 'decide' : (ending.part as Part)
  const { link } = await newLink(trx, { person, surface, part, holder: ending.holder ?? '', by: 'site' }, now)
  await queueMail(trx, {
    key: `consent-ends:${ending.id}:${ending.days}:${address}`,
    address,
    name: 'consent-ends',
    params: { until: sayDay(ending.ends.toISOString().slice(0, 10), language, true), link, stopLink: link },
    language,
    urgency: 'notice',
    due: now,
    useless: ending.ends,
  })
}

/** Tells 30 and 7 days ahead that a decision which somebody takes for somebody else has to be looked at again: whoever wrote it down, and the organisation's leads. Nobody hears twice. */
export const remindOfReviews: Task = async (db, _payload, now) => {
  for (const days of remindedDays) {
    const until = now.getTime() + days * day
    const { rows } = await sql<Due>`
      select r.id, r.person, (r.facts ->> 'review')::float8 as review, o.slug, a.email, a.language
      from records r
      join people_shown p on p.id = r.person and p.forgotten is null and p.died is null
      join organisations o on o.id = p.organisation
      join accounts a on a.erasing is null and (a.id = r.by_account or a.id in (
        select account from roles where role = 'organisation-lead' and organisation = o.id))
      where r.kind in ('capacity', 'best-interests') and r.ended is null
        and (r.facts ->> 'review')::float8 between ${until - 2 * day} and ${until}
        and exists (select from permissions y where y.person = r.person and y.state = 'given')
      order by r.created limit ${most}`.execute(db)
    for (const due of rows) await remindOfReview(db, { ...due, days }, now)
  }
}

type Due = { id: Id; person: Id; review: number; slug: string; email: string; language: Language }

async function remindOfReview(db: Db, due: Due & { days: number }, now: Date): Promise<void> {
  const { id, days, email: address, language, slug, person } = due
  const link = `${siteAddress(readConfig())}/desk/organisations/${slug}/shown/${person}`
  const until = new Date(due.review)
  await queueMail(db, {
    key: `consent-review:${id}:${days}:${address}`,
    address,
    name: 'consent-review',
    params: {
      until: sayDay(until.toISOString().slice(0, 10), language, true),
      link,
      stopLink: `${siteAddress(readConfig())}/me`,
    },
    language,
    urgency: 'notice',
    due: now,
    useless: until,
  })
}

/** Forgets links that have ended, and withdrawn pictures whose year is over. Answers how many of each. Idempotent. */
export async function forgetConsentRows(db: Db, now: Date): Promise<Record<string, number>> {
  const links = await db.deleteFrom('consentLinks').where('expires', '<=', now).executeTakeFirst()
  const families = await db.deleteFrom('stewards').where('expires', '<=', now).executeTakeFirst()
  return {
    'consent-links': Number(links.numDeletedRows + families.numDeletedRows),
    'withdrawn-hashes': await forgetWithdrawn(db, now),
  }
}
