import { sql } from 'kysely'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { day } from '#kernel/limits.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { idIn, jobLives, type Task } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** How many hosts one transaction writes to, and how many of their activities one mail names. */
const atOnce = 50
const mostLinks = 20

/** Writes to the hosts whom a file named, when whoever brought it in asked for that: one mail for each address, with a link to each of its activities. Goes on where it stopped. */
export const tellImportedHosts: Task = async (db, payload, now) => {
  const id = idIn(payload, 'import')
  const found = await db
    .selectFrom('imports')
    .select('state')
    .where('id', '=', id)
    .where('tellHosts', '=', true)
    .executeTakeFirst()
  if (found?.state !== 'done') return
  let after = ''
  for (;;) {
    const told = await inTransaction(db, (trx) => tellSome(trx, { id, after }, now))
    if (told.length === 0) return
    after = told.at(-1) ?? ''
  }
}

const namedIn = (db: Db, id: string) =>
  db
    .selectFrom('hosts as h')
    .innerJoin('activities as a', 'a.id', 'h.activity')
    .where('a.import', '=', id)
    .where('a.state', 'in', ['waiting', 'asked-for-more', 'published', 'by-link'])
    .where('h.confirmed', 'is', null)

async function tellSome(
  trx: Trx,
  { id, after }: { id: string; after: string },
  now: Date,
): Promise<string[]> {
  const emails = await namedIn(trx, id)
    .select('h.email')
    .distinct()
    .where('h.email', '>', after)
    .orderBy('h.email')
    .limit(atOnce)
    .execute()
  for (const { email } of emails) await tellOne(trx, { id, email }, now)
  return emails.map((row) => row.email)
}

async function tellOne(trx: Trx, { id, email }: { id: string; email: string }, now: Date): Promise<void> {
  const key = `import-host:${id}:${keyedHash(email)}`
  if (await trx.selectFrom('mails').select('id').where('key', '=', key).executeTakeFirst()) return
  const rows = await namedIn(trx, id)
    .select(['a.id', 'a.title', 'a.lastEnd', 'a.language'])
    .where('h.email', '=', email)
    .orderBy('a.listStart')
    .orderBy('a.id')
    .limit(mostLinks)
    .execute()
  const links: string[] = []
  for (const row of rows)
    links.push(
      `${row.title}\n${await newHostLink(trx, { activity: row.id, email, lastEnd: row.lastEnd }, now)}`,
    )
  await queueMail(trx, {
    key,
    address: email,
    name: 'import-host',
    params: { links: links.join('\n\n'), stopLink: `${siteAddress(readConfig())}/edit` },
    language: rows[0]?.language ?? 'en',
    urgency: 'notice',
    due: now,
  })
}

const steps = ['reading', 'doing', 'undoing'] as const
/** Where an import goes from each step that a job does. */
const stepBack = { reading: 'failed', doing: 'previewed', undoing: 'done' } as const

/** Ends what nobody works on any more: an import whose job gave up is said to have failed; one that stopped half way goes back to the step before, where pressing again goes on. Idempotent. */
export const endImports: Task = async (db) => {
  for (const state of steps) {
    const next = stepBack[state]
    const problem = { key: next === 'failed' ? 'import.wrong.unforeseen' : 'import.stopped', params: {} }
    await db
      .updateTable('imports')
      .set({
        state: next,
        problem: JSON.stringify(problem),
        ...(next === 'failed' && { given: null }),
      })
      .where('state', '=', state)
      .where((on) => on.not(jobLives(sql<string>`'import:' || imports.id`)))
      .execute()
  }
}

/** Forgets files that were read but not brought in for thirty days, and what was kept of the rows of older imports ninety days after. Idempotent. */
export const forgetImports: Task = async (db, _payload, now) => {
  await db
    .deleteFrom('imports')
    .where('state', 'in', ['reading', 'failed', 'previewed'])
    .where('created', '<', new Date(now.getTime() - 30 * day))
    .execute()
  await db
    .updateTable('importRows')
    .set({ draft: null, before: null })
    .where('draft', 'is not', null)
    .where('import', 'in', (on) =>
      on
        .selectFrom('imports')
        .select('id')
        .where('created', '<', new Date(now.getTime() - 90 * day)),
    )
    .execute()
}
