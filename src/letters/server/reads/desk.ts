import { sql } from 'kysely'
import { day } from '#kernel/limits.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import type { PromiseState } from '#letters/reply.ts'
import { leftAloneOffices, type LeftAlone } from '#letters/server/reads/left-alone.ts'
import type { Db } from '#platform/server/db.ts'

/** Of an office as the desk names it: from the directory, so that nothing of a letter stands there. */
export const officeName = sql<string | null>`(select concat_ws(', ', post.label, organisation.name)
  from (select 1) one
  left join directory_posts post on post.id = d.post
  left join directory_organisations organisation on organisation.id = d.organisation)`
export const officeRef = sql<string | null>`case
  when d.post is not null then 'post:' || d.post
  when d.person is not null then 'person:' || d.person
  when d.organisation is not null then 'organisation:' || d.organisation end`

export type DeskDelivery = {
  id: string
  office: string | null
  ref: string | null
  changed: Date
  status: string | null
}
export type DeskPromise = {
  id: string
  week: number
  office: string | null
  words: string
  due: string | null
  state: PromiseState
  note: string | null
  shared: boolean
  revision: number
  late: boolean
}

/** A mail that lies in the mailbox for a person. */
export type KeptMail = {
  id: string
  office: string | null
  ref: string | null
  sort: 'written' | 'by-itself' | 'unclear'
  domain: string | null
  received: Date
}

export type LettersDesk = {
  mails: KeptMail[]
  uncertain: DeskDelivery[]
  returned: DeskDelivery[]
  promises: DeskPromise[]
  leftAlone: LeftAlone[]
}

/** Answers what somebody has to look at about letters: mails that lie in the mailbox for a person (the newest first, what people wrote before what machines did), those of which nobody knows whether they left, those that came back in the last 90 days (each office once), promises (open ones first), and offices that asked not to be written to; at most 100 of each, and nothing about writers. Looks like nothing is there to whoever does not look after them. */
export async function lettersDesk(db: Db, viewer: Viewer, now: Date): Promise<LettersDesk> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  const deliveries = (states: ('uncertain' | 'bounced')[]) =>
    db
      .selectFrom('deliveries as d')
      .innerJoin('letters as l', 'l.id', 'd.letter')
      .select(['d.id', 'd.changed', officeName.as('office'), officeRef.as('ref')])
      .select((on) =>
        on
          .selectFrom('deliveryEvents as e')
          .select('e.note')
          .whereRef('e.delivery', '=', 'd.id')
          .orderBy('e.id', 'desc')
          .limit(1)
          .as('status'),
      )
      .where('d.state', 'in', states)
      // What is erased nobody can send again.
      .where((on) => on.or([on('d.state', '<>', 'uncertain'), on('l.erased', 'is', null)]))
      .where('d.changed', '>', new Date(now.getTime() - 90 * day))
      .orderBy('d.changed', 'desc')
      .limit(100)
      .execute()
  const [mails, uncertain, returned, promises, leftAlone] = await Promise.all([
    keptMails(db),
    deliveries(['uncertain']),
    deliveries(['bounced']).then(onceEach),
    db
      .selectFrom('promises')
      .select(['id', 'week', 'office', 'words', 'due', 'state', 'note', 'shared', 'revision'])
      .orderBy((on) => on('state', '<>', 'open'))
      .orderBy('due', (on) => on.asc().nullsLast())
      .orderBy('created', 'desc')
      .limit(100)
      .execute(),
    leftAloneOffices(db),
  ])
  const today = now.toISOString().slice(0, 10)
  return {
    mails,
    uncertain,
    returned,
    promises: promises.map((one) => ({
      ...one,
      late: one.state === 'open' && one.due !== null && one.due < today,
    })),
    leftAlone,
  }
}

/** Several letters came back from one office: it is one address to look at. */
const onceEach = (all: DeskDelivery[]): DeskDelivery[] =>
  all.filter(({ ref }, at) => ref === null || all.findIndex((one) => one.ref === ref) === at)

const keptMails = (db: Db): Promise<KeptMail[]> =>
  db
    .selectFrom('keptMails as m')
    .leftJoin('deliveries as d', 'd.id', 'm.delivery')
    .select(['m.id', 'm.sort', 'm.domain', 'm.received'])
    .select([officeName.as('office'), officeRef.as('ref')])
    .where('m.read', 'is', null)
    .orderBy((on) => on('m.sort', '=', 'by-itself'))
    .orderBy('m.received', 'desc')
    .limit(100)
    .execute()

/** Answers how many mails lie in the mailbox for a person; none to whoever does not look after letters. */
export async function keptMailCount(db: Db, viewer: Viewer): Promise<number> {
  if (!mayLookAfterLetters(viewer)) return 0
  const row = await db
    .selectFrom('keptMails')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('read', 'is', null)
    .where('sort', '<>', 'by-itself')
    .executeTakeFirstOrThrow()
  return row.count
}
