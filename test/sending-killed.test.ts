import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, expect, test } from 'vitest'
import { day, hour } from '#kernel/limits.ts'
import { nextOpening } from '#letters/pace.ts'
import { saysOf } from '#letters/server/says.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import { addJobs } from '#platform/server/queue.ts'
import { workerStarts } from '../scripts/start/worker-child.ts'
import { until } from './app.ts'
import { testDatabase } from './db.ts'
import { makeOffice, makeQueued, stateOf } from './letters.ts'
import { makeWeek } from './make.ts'
import { pageOf } from './pages.ts'
import { owe } from './smtp.ts'
import { load } from '../src/routes/letters/[token]/+page.server.ts'
import Page from '../src/routes/letters/[token]/+page.svelte'

const db = await testDatabase()
const dataDir = mkdtempSync(join(tmpdir(), 'abe-killed-'))
const workers = new Set<ChildProcess>()

/** Which of the mails is so long that the server has its first words long before its last. */
const long = 6
const addressOf = (at: number): string => `person${at}@people.org`

/** How often the server had all words of a mail, by their name. */
const had = new Map<string, number>()
let hadAll = 0
/** What happens as soon as the first words of a mail are there, and when all of them are; the answer waits for it. */
let atFirstWords = async (_to: string): Promise<void> => undefined
let atLastWords = async (_to: string): Promise<void> => undefined

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  closeTimeout: 100,
  onData(stream, session, done) {
    const parts: Buffer[] = []
    const to = session.envelope.rcptTo[0]?.address ?? ''
    stream.once('data', () => {
      stream.pause()
      void atFirstWords(to).then(() => stream.resume())
    })
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.once('end', () => {
      const [, id = ''] = /^Message-ID: <([0-9a-f-]{36})@/im.exec(Buffer.concat(parts).toString()) ?? []
      had.set(id, (had.get(id) ?? 0) + 1)
      hadAll += 1
      void atLastWords(to).finally(done)
    })
  },
})
server.on('error', () => undefined)
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
afterEach(() => Promise.all([...workers].map(kill)))
afterAll(async () => {
  await new Promise<void>((closed) => server.close(() => closed()))
  rmSync(dataDir, { recursive: true })
})

/** Starts a worker; its clock is ahead by what stands in a file when there is one. */
async function startWorker(clockFile?: string): Promise<void> {
  const clock = new URL('programs/moved-clock.ts', import.meta.url).href
  const worker = fork(join(import.meta.dirname, '../src/worker.ts'), {
    execArgv: workerStarts.execArgv,
    env: {
      ...process.env,
      ...workerStarts.env,
      DATABASE_URL: db.url,
      DATA_DIR: dataDir,
      SMTP_URL: url,
      LOG: 'silent',
      ...(clockFile !== undefined && { NODE_OPTIONS: `--import=${clock}`, CLOCK_FILE: clockFile }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  workers.add(worker)
  // It may be killed before it has said that it is ready.
  await Promise.race([once(worker, 'message'), once(worker, 'exit')])
}

async function kill(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL')
  await once(worker, 'exit')
  workers.delete(worker)
}

/** Kills all workers, in the middle of the words of a mail to somebody, or when the server has said yes to so many more for addresses that begin so and they have not heard it. */
const killed = (when: { inTheWordsTo: string } | { afterTheYesTo: number; whose: string }): Promise<void> =>
  new Promise((done) => {
    const now = async (): Promise<void> => {
      const living = [...workers]
      if ('afterTheYesTo' in when) {
        for (const worker of living) worker.kill('SIGSTOP')
        // The answer goes out meanwhile, and nobody reads it.
        setTimeout(() => void Promise.all(living.map(kill)).finally(done), 50)
        return
      }
      await Promise.all(living.map(kill))
      done()
    }
    if ('afterTheYesTo' in when) {
      let yeses = 0
      atLastWords = async (to) => {
        if (to.startsWith(when.whose)) yeses += 1
        if (yeses < when.afterTheYesTo) return
        atLastWords = async () => undefined
        await now()
      }
    } else
      atFirstWords = async (to) => {
        if (to !== when.inTheWordsTo) return
        atFirstWords = async () => undefined
        await now()
      }
  })

test('workers killed in the middle of sending send nothing twice and lose nothing', async () => {
  const ids: string[] = []
  const due = (at: number) => new Date(Date.now() - 100_000 + at)
  for (let at = 0; at < 80; at += 1) {
    const notice = at % 4 === 0
    ids.push(
      await owe(db, due(at), {
        address: addressOf(at),
        urgency: notice ? 'notice' : 'answer',
        ...(at === long && { calendar: 'x'.repeat(4_000_000) }),
      }),
    )
  }
  const waiting = () =>
    db.selectFrom('mails').select('hand').where('id', 'in', ids).where('state', '=', 'waiting').execute()

  const inTheWords = killed({ inTheWordsTo: addressOf(long) })
  await startWorker()
  await inTheWords
  expect((await waiting()).some(({ hand }) => hand !== null)).toBe(true)
  const inTheAir = hadAll
  const afterTheYes = killed({ afterTheYesTo: 8, whose: 'person' })
  await Promise.all([startWorker(), startWorker()])
  await afterTheYes
  expect(hadAll).toBeGreaterThan(inTheAir)
  await Promise.all([startWorker(), startWorker()])
  await until('nothing waits', async () => (await waiting()).length === 0)

  expect([...had.values()].filter((times) => times > 1)).toEqual([])
  const rows = await db.selectFrom('mails').select(['id', 'state']).where('id', 'in', ids).execute()
  expect(rows).toHaveLength(ids.length)
  const uncertain = rows.filter(({ state }) => state === 'uncertain').map(({ id }) => id)
  const sent = rows.filter(({ state }) => state === 'sent').map(({ id }) => id)
  expect(sent.length + uncertain.length).toBe(ids.length)
  expect(sent.filter((id) => !had.has(id))).toEqual([])
  // The long one, of which the server had no end; and those to which it had said yes.
  expect(uncertain).toContain(ids[long])
  expect(uncertain.some((id) => had.has(id))).toBe(true)
  expect(sent.length).toBeGreaterThan(0)
}, 60_000)

test('letters whose worker is killed while they leave are sent once or not at all, and their writers read which nobody knows', async () => {
  await makeWeek(db)
  await db.deleteFrom('mails').execute()
  // An hour at which offices read, whatever the hour is here.
  const opening = nextOpening(new Date(Date.now() + day), 'Europe/London', []).due
  const opened = nextOpening(new Date(opening.getTime() + hour), 'Europe/London', []).due
  const clock = join(dataDir, 'clock')
  writeFileSync(clock, String(opened.getTime() - Date.now()))
  const letters: { id: string; token: string }[] = []
  for (let at = 0; at < 12; at += 1) {
    await db.deleteFrom('rateCounts').execute()
    const office = await makeOffice(db, { email: `office${at}@council.org` })
    const { token, deliveries } = await makeQueued(db, opened, [office.ref])
    letters.push({ id: deliveries[0] ?? '', token })
  }
  const ids = letters.map(({ id }) => id)
  const [cut = ''] = ids
  // Longer than a letter may be: the kernel would hold all of one that may, and still send it when its worker is gone.
  await sql`alter table letters drop constraint letters_words_check`.execute(db)
  const words = 'x '.repeat(2_000_000)
  const lengthy = await db
    .updateTable('letters')
    .set({ words })
    .where('id', '=', db.selectFrom('deliveries').select('letter').where('id', '=', cut))
    .returning(['title', 'words', 'sender', 'email'])
    .executeTakeFirstOrThrow()
  const to = await db
    .selectFrom('deliveries')
    .select(['email', 'writtenIn'])
    .where('id', '=', cut)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('deliveries')
    .set({ confirmedSays: saysOf(lengthy, to) })
    .where('id', '=', cut)
    .execute()
  const due = (some = ids) =>
    addJobs(
      db,
      'letter.due',
      some.map((id) => sendingOf({ id })),
    )
  const states = () => Promise.all(ids.map((id) => stateOf(db, id)))

  const inTheWords = killed({ inTheWordsTo: 'office0@council.org' })
  // Not all at once: enough have to be there for the second death.
  await due(ids.slice(0, 3))
  await startWorker(clock)
  await inTheWords
  expect(await stateOf(db, cut)).toBe('sending')
  const afterTheYes = killed({ afterTheYesTo: 4, whose: 'office' })
  await due()
  await startWorker(clock)
  await afterTheYes
  expect(await states()).toContain('sending')
  await Promise.all([startWorker(clock), startWorker(clock)])
  const settled = (state: string): boolean => state === 'sent' || state === 'uncertain'
  await until('no letter waits', async () => (await states()).every(settled))
  // Asked for once more, nothing leaves again.
  await due()
  const [jobs] = [sql<{ count: number }>`select count(*) from graphile_worker.jobs where key like 'letter%'`]
  await until('nothing is asked for', async () => (await jobs.execute(db)).rows[0]?.count === 0)

  const ended = await states()
  const those = (state: string) => letters.filter((_, at) => ended[at] === state)
  expect(ids.filter((id) => (had.get(id) ?? 0) > 1)).toEqual([])
  expect(those('sent').filter(({ id }) => !had.has(id))).toEqual([])
  const uncertain = those('uncertain')
  // The one of which the server had no end, and one to which it had said yes.
  expect(uncertain.map(({ id }) => id)).toContain(cut)
  expect(had.has(cut)).toBe(false)
  expect(uncertain.some(({ id }) => had.has(id))).toBe(true)
  expect(those('sent').length).toBeGreaterThan(0)
  const page = async ({ token }: { token: string }): Promise<string> =>
    (await pageOf(Page, load, { db, path: `/letters/${token}`, params: { token } })).body
  for (const letter of uncertain) {
    expect(await page(letter)).toContain('We never send it twice by ourselves.')
    expect(await page(letter)).not.toContain('It left from here')
  }
  for (const letter of those('sent')) expect(await page(letter)).toContain('It left from here')
}, 60_000)
