import { sql } from 'kysely'
import type { Channel, DeliveryState, Evidence } from '#letters/delivery.ts'
import type { Answered, PromiseState, ReplyKind } from '#letters/reply.ts'
import { mostOffices } from '#letters/letter.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

export type ToldReply = {
  id: string
  /** When it came; or, when nobody said how, when its writer told us of it. */
  received: string
  via: 'post' | 'email' | 'phone' | 'visit' | 'reply-page' | null
  kind: ReplyKind
  answered: Answered | null
  words: string | null
  thanked: Date | null
  promise: string | null
  due: string | null
  promiseState: PromiseState | null
}

/** What an office says of itself, as everybody reads it who wrote or signed: never its words. */
export type OfficeSaid = { office: string; kind: ReplyKind }

/** Answers what the offices of a letter said on their pages, for those who signed it; at most 50. */
export const officesSaid = async (db: Db, letter: string): Promise<OfficeSaid[]> =>
  (
    await db
      .selectFrom('letterReplies as r')
      .innerJoin('deliveries as d', 'd.id', 'r.delivery')
      .select(['d.office', 'r.kind'])
      .where('d.letter', '=', letter)
      .where('r.via', '=', 'reply-page')
      .orderBy('r.created', 'desc')
      .limit(50)
      .execute()
  ).map(({ office, kind }) => ({ office: office ?? '', kind }))

/** The last answer to one delivery. */
export type LastAnswer = Pick<ToldReply, 'kind' | 'via' | 'received'> & { delivery: string }

/** Answers what came back last to each delivery of a letter to which anything did. */
export const lastAnswers = (db: Db, letter: string): Promise<LastAnswer[]> =>
  db
    .selectFrom('letterReplies as r')
    .innerJoin('deliveries as d', 'd.id', 'r.delivery')
    .distinctOn('r.delivery')
    .select(['r.delivery', 'r.kind', 'r.via', 'r.received'])
    .where('d.letter', '=', letter)
    .orderBy('r.delivery')
    .orderBy('r.received', 'desc')
    .orderBy('r.created', 'desc')
    .limit(mostOffices)
    .execute()

export type AnsweredDelivery = {
  id: string
  office: string | null
  person: string | null
  post: string | null
  organisation: string | null
  channel: Channel
  state: DeliveryState
  evidence: Evidence
  changed: Date
  due: Date | null
  zone: string
  replies: ToldReply[]
}

export type Replies = { erase: Date | null; deliveries: AnsweredDelivery[]; page: number; pages: number }

const onPage = 50

/** Answers a page of what came back to a letter, office by office, as its writer sees it: the one asked for first, then those that answered, the newest answer first; 50 to a page. Null when there is no such letter, or it is erased. */
export async function repliesTo(
  db: Db,
  token: string,
  { of = null, page = 1 }: { of?: string | null; page?: number | null } = {},
): Promise<Replies | null> {
  const letter = await db
    .selectFrom('letters')
    .select(['id', 'erase'])
    .where('token', '=', hashToken(token))
    .where('erased', 'is', null)
    .executeTakeFirst()
  if (!letter) return null
  const { count } = await db
    .selectFrom('deliveries')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('letter', '=', letter.id)
    .executeTakeFirstOrThrow()
  const pages = Math.max(1, Math.ceil(count / onPage))
  const at = Math.min(pages, Math.max(1, Math.floor(page ?? 1)))
  const deliveries = await db
    .selectFrom('deliveries as d')
    .select(['id', 'office', 'channel', 'state', 'evidence', 'changed', 'due', 'zone'])
    .select(['person', 'post', 'organisation'])
    .where('letter', '=', letter.id)
    .orderBy((on) => on(sql`id::text`, 'is not distinct from', of), 'desc')
    .orderBy(sql`(select max(r.created) from letter_replies r where r.delivery = d.id)`, (on) =>
      on.desc().nullsLast(),
    )
    .orderBy('created')
    .orderBy('code')
    .limit(onPage)
    .offset((at - 1) * onPage)
    .execute()
  const replies = await db
    .selectFrom('letterReplies as r')
    .leftJoin('promises as p', 'p.reply', 'r.id')
    .select(['r.id', 'r.delivery', 'r.received', 'r.via', 'r.kind', 'r.answered', 'r.words', 'r.thanked'])
    .select(['p.words as promise', 'p.due', 'p.state as promiseState'])
    .where((on) => on('r.delivery', '=', on.fn.any(on.val(deliveries.map(({ id }) => id)))))
    .orderBy('r.received', 'desc')
    .orderBy('r.created', 'desc')
    .limit(500)
    .execute()
  return {
    erase: letter.erase,
    page: at,
    pages,
    deliveries: deliveries.map((one) => ({
      ...one,
      replies: replies.filter((reply) => reply.delivery === one.id),
    })),
  }
}
