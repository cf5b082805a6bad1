import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { textIn } from '#kernel/messages.ts'
import { connect, type Db } from '#platform/server/db.ts'
import type { MailsToSend } from './limit-mailer.ts'
import { startChild, startWorker } from './processes.ts'
import { here, type Row, type Site } from './rows.ts'

const many = 4000
const rounds = 3
const patience = 60_000
const params = {
  siteName: 'A Bit Extra',
  link: 'https://week.example/come/abcdefghijklmnop',
  stopLink: 'https://week.example/me',
}

/** What the mail server had: how many, how many of them once, in how many seconds. */
type Taken = { count: number; once: number; seconds: number }

/** Mails that are due, every second of them a notice, as the worker of the site sends them from its own queue, beside nodemailer with a pool of five that has the same mails at hand: both to one mail server in a process of its own, which counts each by its name. */
export async function mailRow(site: Site): Promise<Row> {
  const server = await startChild(here('limit-smtp.ts'))
  const limit = await startChild(here('limit-mailer.ts'))
  const url = `smtp://127.0.0.1:${server.port}`
  const worker = await startWorker({ DATABASE_URL: site.url, SMTP_URL: url, LOG: 'error' })
  const db = connect(site.url, 1)
  const ours = () => sendDue(db, server.child)
  const theirs = () => sendAlone(limit.child, server.child, url)
  try {
    await untilQuiet(db)
    await ours()
    await theirs()
    const all: { ours: Taken; theirs: Taken }[] = []
    for (let round = 0; round < rounds; round += 1) all.push({ ours: await ours(), theirs: await theirs() })
    const middle = all
      .map((one) => ({ ...one, ratio: rate(one.ours) / rate(one.theirs) }))
      .toSorted((a, b) => a.ratio - b.ratio)[rounds >> 1]
    if (!middle) throw new Error('nothing was measured')
    const wrong = all.filter((one) => one.ours.count !== many || one.ours.once !== many).length
    return {
      what: `${site.size.name}: mail from the queue, ${many} due`,
      we: `${middle.ratio.toFixed(2)} × nodemailer (${Math.round(rate(middle.ours))}/s beside ${Math.round(rate(middle.theirs))}/s)${wrong > 0 ? ', NOT each once' : ', each once'}`,
      bar: '≥ 0.7 × pool of 5',
      holds: middle.ratio >= 0.7 && wrong === 0,
    }
  } finally {
    worker.child.kill('SIGKILL')
    limit.child.kill('SIGKILL')
    server.child.kill('SIGKILL')
    await db.destroy()
  }
}

const rate = ({ count, seconds }: Taken): number => count / seconds

async function taken(server: ChildProcess, began: number): Promise<Taken> {
  server.send('how many')
  const [{ count, once: single, last }] = (await once(server, 'message')) as [
    { count: number; once: number; last: number },
  ]
  return { count, once: single, seconds: (last - began) / 1000 }
}

async function sendDue(db: Db, server: ChildProcess): Promise<Taken> {
  await sql`delete from mails`.execute(db)
  await sql`insert into mails (key, address, name, params, urgency, due)
    select gen_random_uuid(), 'person' || n || '@people.org', 'test', ${JSON.stringify(params)}::jsonb,
      case when n % 2 = 0 then 'notice' else 'answer' end, now()
    from generate_series(1, ${many}::int) n`.execute(db)
  const began = Date.now()
  await untilQuiet(db)
  return taken(server, began)
}

/** Until the worker has nothing left to send, and has written down what it sent. */
async function untilQuiet(db: Db): Promise<void> {
  const since = performance.now()
  for (;;) {
    const { rows } = await sql<{ any: boolean }>`select exists (
      select from mails where state = 'waiting' and (hand is not null or due <= now())) as any`.execute(db)
    if (rows[0]?.any === false) return
    if (performance.now() - since > patience) throw new Error('the mails do not leave')
    await sleep(100)
  }
}

async function sendAlone(limit: ChildProcess, server: ChildProcess, url: string): Promise<Taken> {
  const text = textIn('en')
  const mails: MailsToSend = {
    url,
    count: many,
    subject: text('mail.test.subject', params),
    text: text('mail.test.text', params),
  }
  const began = Date.now()
  limit.send(mails)
  await once(limit, 'message')
  return taken(server, began)
}
