import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'
import { workerStarts } from '../scripts/start/worker-child.ts'
import { until } from './app.ts'
import { testDatabase } from './db.ts'
import { owe } from './smtp.ts'

const db = await testDatabase()
const dataDir = mkdtempSync(join(tmpdir(), 'abe-killed-'))
const workers = new Set<ChildProcess>()
afterAll(() => {
  for (const worker of workers) worker.kill('SIGKILL')
  rmSync(dataDir, { recursive: true })
})

/** Which of the mails is so long that the server has its first words long before its last. */
const long = 6
const addressOf = (at: number): string => `person${at}@people.org`

/** How often the server had all words of a mail, by their name. */
const had = new Map<string, number>()
let hadAll = 0
/** What happens as soon as the first words of a mail are there, and when all of them are; the answer waits for it. */
let atFirstWords = async (_to: string): Promise<void> => undefined
let atLastWords = async (): Promise<void> => undefined

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  closeTimeout: 100,
  onData(stream, session, done) {
    const parts: Buffer[] = []
    stream.once('data', () => {
      stream.pause()
      void atFirstWords(session.envelope.rcptTo[0]?.address ?? '').then(() => stream.resume())
    })
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.once('end', () => {
      const [, id = ''] = /^Message-ID: <([0-9a-f-]{36})@/im.exec(Buffer.concat(parts).toString()) ?? []
      had.set(id, (had.get(id) ?? 0) + 1)
      hadAll += 1
      void atLastWords().finally(done)
    })
  },
})
server.on('error', () => undefined)

async function startWorker(url: string): Promise<void> {
  const worker = fork(join(import.meta.dirname, '../src/worker.ts'), {
    execArgv: workerStarts.execArgv,
    env: {
      ...process.env,
      ...workerStarts.env,
      DATABASE_URL: db.url,
      DATA_DIR: dataDir,
      SMTP_URL: url,
      LOG: 'silent',
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

/** Kills all workers, in the middle of a mail's words, or when the server has said yes and they have not heard it. */
const killed = (when: 'in the words' | 'after the yes'): Promise<void> =>
  new Promise((done) => {
    const now = async (): Promise<void> => {
      const living = [...workers]
      if (when === 'after the yes') {
        for (const worker of living) worker.kill('SIGSTOP')
        // The answer goes out meanwhile, and nobody reads it.
        setTimeout(() => void Promise.all(living.map(kill)).finally(done), 50)
        return
      }
      await Promise.all(living.map(kill))
      done()
    }
    const enough = hadAll + 8
    if (when === 'after the yes')
      atLastWords = async () => {
        if (hadAll < enough) return
        atLastWords = async () => undefined
        await now()
      }
    else
      atFirstWords = async (to) => {
        if (to !== addressOf(long)) return
        atFirstWords = async () => undefined
        await now()
      }
  })

test(
  'workers killed in the middle of sending send nothing twice and lose nothing',
  { timeout: 60_000 },
  async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
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

    const inTheWords = killed('in the words')
    await startWorker(url)
    await inTheWords
    expect((await waiting()).some(({ hand }) => hand !== null)).toBe(true)
    const inTheAir = hadAll
    const afterTheYes = killed('after the yes')
    await Promise.all([startWorker(url), startWorker(url)])
    await afterTheYes
    expect(hadAll).toBeGreaterThan(inTheAir)
    await Promise.all([startWorker(url), startWorker(url)])
    await until('nothing waits', async () => (await waiting()).length === 0)
    await new Promise<void>((closed) => server.close(() => closed()))

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
  },
)
