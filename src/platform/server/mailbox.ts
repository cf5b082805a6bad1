import type { ImapFlow } from 'imapflow'
import type { Config } from '#platform/server/config.ts'

/** What a mail that came back is worth: nothing more (it is deleted, since the letter's words stand in it), a later look, or a person's (it stays, and is not read again). */
export type Verdict = 'delete' | 'later' | 'keep'

/** So many mails are read in one go, each so far: what matters stands near the top. */
const mostMails = 200
const mostBytes = 262_144
/** Nobody waits longer for a mail server, milliseconds. */
const longest = 60_000

/** Reads the mails that nobody has read yet in the mailbox of IMAP_URL and that came to an address of this site beginning with `box` (at most 200, of each the first 256 kB), and does with each what the judge says. Other mails are left alone. Gives up after a minute; the next run goes on. Answers how many were judged; without IMAP_URL none. */
export async function readMailbox(
  config: Pick<Config, 'imapUrl'>,
  box: string,
  judge: (raw: Buffer) => Promise<Verdict>,
): Promise<number> {
  if (config.imapUrl === null) return 0
  const url = new URL(config.imapUrl)
  const secure = url.protocol === 'imaps:'
  // Most sites have no such mailbox, and their worker starts without what reads one.
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host: url.hostname,
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 30_000,
  })
  // Whatever breaks while nothing is asked of it would end the process; what is asked throws by itself.
  client.on('error', () => undefined)
  const limit = setTimeout(() => client.close(), longest)
  try {
    await client.connect()
    const count = await readInbox(client, box, judge)
    await client.logout()
    return count
  } finally {
    clearTimeout(limit)
    client.close()
  }
}

async function readInbox(
  client: ImapFlow,
  box: string,
  judge: (raw: Buffer) => Promise<Verdict>,
): Promise<number> {
  const lock = await client.getMailboxLock('INBOX')
  try {
    const found = await client.search({ seen: false, to: box }, { uid: true })
    const uids = (found || []).slice(0, mostMails)
    for (const uid of uids) {
      const mail = await client.fetchOne(String(uid), { source: { maxLength: mostBytes } }, { uid: true })
      if (!mail || mail.source === undefined) continue
      const verdict = await judge(mail.source)
      if (verdict === 'delete') await client.messageDelete(String(uid), { uid: true })
      if (verdict === 'keep') await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
    }
    return uids.length
  } finally {
    lock.release()
  }
}
