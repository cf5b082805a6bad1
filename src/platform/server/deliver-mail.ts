import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { minute } from '#kernel/limits.ts'
import { textIn, type Language, type MessageKey, type MessageParams } from '#kernel/messages.ts'
import { claimMails, failureOf, letGo, lockOf, type Claimed } from '#platform/server/claim-mails.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { connections, surelyNot, whyRefused, type Letter, type Postbox } from '#platform/server/postbox.ts'
import { addJobs, type Task } from '#platform/server/queue.ts'
import { inTurn } from '#platform/server/turns.ts'

/** So often a mail is tried, over about sixteen hours; then somebody has to look. */
export const mostTries = 12

/** How long until a mail that has been tried so often is tried again, milliseconds: three seconds at first, six hours at last. */
const waitAfter = (tries: number): number => Math.round(Math.exp(Math.min(tries, 10)) * 1000)

/** So many are in hand at a time, at least and at most: of a process that is killed these are in doubt. It becomes more only while the connections would wait for the database. */
const least = 2 * connections
const most = 24 * connections
/** Whoever sends looks again after so long, milliseconds. */
const pause = 200
/** What lands within so many milliseconds is written down together. */
const gathering = 50
/** A database that is away while it is told what left is told again for so long. */
const patience = minute / 2

type Outcome = { ids: string[]; left: 'sent' | 'example' | 'uncertain' | ReturnType<typeof whyRefused> }

/** Makes the task that sends the mails that are due, until there are none: a few at a time taken in hand, written down as being sent before the mail server is asked, and never in a transaction. Notices to one address that are due within six hours go out together; when it already had one in the last 24 hours they wait, or are dropped once they are of no use. A mail that is refused is tried again, at most twelve times; one that is refused for good is not. One of which nobody knows whether it left (the server fell silent, the process that sent it died) is not sent again by itself. The mail says why in the end, and the job "mail.failed" tells of it. Any number may run at once without sending twice; a signal ends it when what is in hand has left. */
export const deliverMail =
  (post: Postbox, nameOfSite: (db: Db) => Promise<string>, signal?: AbortSignal): Task =>
  async (db, _payload, now) => {
    if (!(await anyToSend(db, now))) return
    const hand = randomUUID()
    const began = performance.now()
    const moment = (): Date => new Date(now.getTime() + performance.now() - began)
    // The lock belongs to a connection: when this process is killed it is free, and others know.
    await inTurn(db, lockOf(hand), async () => {
      await letGo(db, post.keepsOne === true)
      const siteName = await nameOfSite(db)
      const settle = settling(db, moment)
      const flights = inTheAir()
      const send = async (mail: Claimed): Promise<void> => settle.say(await sendOne(post, mail, siteName))
      let hold = least
      try {
        while (signal?.aborted !== true) {
          const room = Math.max(0, hold - flights.count())
          const claimed = await claimMails(db, { hand, most: room }, moment())
          const dry = flights.count() < connections && claimed.length >= room
          hold = dry ? Math.min(most, 2 * hold) : Math.max(least, hold - 1)
          for (const mail of claimed) flights.add(send(mail))
          if (flights.count() === 0) break
          await flights.untilFew(claimed.length === 0 ? 0 : hold / 2, pause)
        }
      } finally {
        await flights.untilFew(0)
        await settle.done()
      }
    })
  }

/** Answers whether any mail is due, or in a hand that may be dead. */
const anyToSend = async (db: Db, now: Date): Promise<boolean> =>
  (await db
    .selectFrom('mails')
    .select('id')
    .where('state', '=', 'waiting')
    .where((on) => on.or([on('hand', 'is not', null), on('due', '<=', now)]))
    .executeTakeFirst()) !== undefined

/** Counts what is on its way. */
function inTheAir() {
  let count = 0
  let tell = (): void => undefined
  return {
    count: () => count,
    add: (flight: Promise<void>): void => {
      count += 1
      void flight.finally(() => {
        count -= 1
        tell()
      })
    },
    /** Waits until no more than a few are on their way, or for so many milliseconds: something more urgent may be due. */
    untilFew: (few: number, limit?: number): Promise<void> =>
      new Promise((done) => {
        const timer = limit === undefined ? undefined : setTimeout(done, limit)
        tell = () => {
          if (count > few) return
          clearTimeout(timer)
          done()
        }
        tell()
      }),
  }
}

async function sendOne(post: Postbox, mail: Claimed, siteName: string): Promise<Outcome> {
  const ids = mail.parts.map(({ id }) => id)
  let letter: Letter | null = null
  try {
    letter = compose(mail, siteName)
    return { ids, left: (await post(letter)) ?? 'sent' }
  } catch (error) {
    const refused = whyRefused(error)
    const details = refused.why === 'ours' && { error: safeError(error) }
    log.warn({ mail: mail.id, ...refused, ...details }, 'a mail did not leave')
    const not = letter === null || post.keepsOne === true || surelyNot(error)
    return { ids, left: not ? refused : 'uncertain' }
  }
}

function compose({ id, address, parts }: Claimed, siteName: string): Letter {
  const written = parts.map((one) => write(one, siteName))
  const [first] = parts
  const several = textIn(first.language)('mail.several', { count: parts.length, siteName })
  return {
    id,
    from: siteName,
    to: address,
    subject: parts.length > 1 ? several : (written[0]?.subject ?? ''),
    text:
      parts.length > 1
        ? written.map((part) => `${part.subject}\n\n${part.text}`).join('\n\n* * *\n\n')
        : (written[0]?.text ?? ''),
    replyTo: parts.length === 1 ? first.replyTo : null,
    calendar: parts.find((one) => one.calendar)?.calendar ?? null,
  }
}

type Row = { name: string; params: unknown; language: Language }

const write = (row: Row, siteName: string): { subject: string; text: string } => {
  const text = textIn(row.language)
  const params = { siteName, ...(row.params as MessageParams) }
  return {
    subject: text(`mail.${row.name}.subject` as MessageKey, params),
    // Parts that say nothing this time leave their empty lines behind.
    text: text(`mail.${row.name}.text` as MessageKey, params).replace(/\n{3,}/g, '\n\n'),
  }
}

/** Writes down what became of mails, one statement for all that have landed meanwhile. */
function settling(db: Db, moment: () => Date) {
  const landed: Outcome[] = []
  let writing: Promise<void> | null = null
  let failed: unknown = null
  const writeAll = async (): Promise<void> => {
    while (landed.length > 0) {
      const some = landed.splice(0)
      await patiently(() => settle(db, some, moment()))
      await sleep(gathering)
    }
    writing = null
  }
  return {
    say: (outcome: Outcome): void => {
      landed.push(outcome)
      writing ??= writeAll().catch((error: unknown) => void (failed = error))
    },
    /** Resolves when everything is written down; throws when something could not be. */
    done: async (): Promise<void> => {
      await writing
      if (failed !== null) throw failed
    },
  }
}

async function patiently(work: () => Promise<void>): Promise<void> {
  const since = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() - since > patience) throw error
      await sleep(pause)
    }
  }
}

async function settle(db: Db, outcomes: readonly Outcome[], now: Date): Promise<void> {
  const those = (left: Outcome['left']): string[] =>
    outcomes.filter((one) => one.left === left).flatMap(({ ids }) => ids)
  const refused = outcomes.filter(({ left }) => typeof left === 'object')
  await haveLeft(db, those('sent'), { state: 'sent', sent: now })
  await haveLeft(db, those('example'), { state: 'example' })
  const doubted = those('uncertain')
  if (doubted.length === 0 && refused.length === 0) return
  await inTransaction(db, async (trx) => {
    const unsure = { state: 'uncertain', problem: 'server', hand: null } as const
    await inHand(trx, doubted)
      .set((on) => ({ ...unsure, tries: on('tries', '+', 1) }))
      .execute()
    await addJobs(
      trx,
      'mail.failed',
      doubted.map((id) => failureOf({ id })),
    )
    for (const { ids, left } of refused) if (typeof left === 'object') await putOff(trx, ids, left, now)
  })
}

/** Mails that this sender has in hand, also when somebody else came to doubt that it lives. */
const inHand = (db: Db, ids: string[]) =>
  db
    .updateTable('mails')
    .where((on) => on('id', '=', on.fn.any(on.val(ids))))
    .where((on) => on.or([on('hand', 'is not', null), on('state', '=', 'uncertain')]))

async function haveLeft(
  db: Db,
  ids: string[],
  how: { state: 'sent'; sent: Date } | { state: 'example' },
): Promise<void> {
  if (ids.length === 0) return
  // What a mail said is not kept once it is gone: its links are secrets.
  await inHand(db, ids)
    .set({ ...how, params: '{}', calendar: null, problem: null, hand: null })
    .execute()
}

/** Lets mails that did not leave wait for their next try; those that have had all, or were refused for good, have failed. They keep what they say for 30 days, so that they can be tried again. */
async function putOff(
  trx: Trx,
  ids: string[],
  refused: ReturnType<typeof whyRefused>,
  now: Date,
): Promise<void> {
  const tried = await inHand(trx, ids)
    .set({
      problem: refused.why,
      hand: null,
      tries: sql<number>`tries + 1`,
      state: sql<
        'failed' | 'waiting'
      >`case when ${refused.lasting}::boolean or tries + 1 >= ${mostTries}::int then 'failed' else 'waiting' end`,
    })
    .returning(['id', 'state', 'tries'])
    .execute()
  await addJobs(trx, 'mail.failed', tried.filter(({ state }) => state === 'failed').map(failureOf))
  for (const { id, state, tries } of tried)
    if (state === 'waiting')
      await trx
        .updateTable('mails')
        .set({ due: new Date(now.getTime() + waitAfter(tries)) })
        .where('id', '=', id)
        .execute()
}

/** Does the task of the mails again and again until the signal, so that what is due leaves within a fifth of a second; after an error, a little later. */
export async function keepDelivering(db: Db, task: Task, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await task(db, {}, new Date())
    } catch (error) {
      log.error({ task: 'mails', error: safeError(error) }, 'a task failed')
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}
