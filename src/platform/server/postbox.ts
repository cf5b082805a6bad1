import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createTransport, type NodemailerError } from 'nodemailer'
import type { Config } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'

export type Letter = {
  id: string
  from: string
  to: string
  subject: string
  text: string
  replyTo: string | null
  calendar: string | null
  /** Of a person, and not of the site: what stands before the @ of the address it comes from (and goes back to when it cannot be delivered), and what is said about it in its head. */
  person?: { box: string; comment: string }
}

/** Whatever takes a finished mail away: an SMTP server, or the outbox folder. Answers "example" when nothing leaves, since the address can never belong to anybody. */
export type Postbox = {
  (letter: Letter): Promise<'example' | undefined>
  /** The same mail put in twice lies in it once, so that one in doubt may be put in again. */
  readonly keepsOne?: true
}

/** Addresses that can never belong to anybody (RFC 2606, RFC 6761); the example week's people have them. */
const nobodys = /@(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/

/** Answers whether an address can never belong to anybody, so that nothing leaves for it. */
export const isNobodys = (address: string): boolean => nobodys.test(address)

/** A server that answers a little now and then would otherwise hold a mail for ever. */
const longest = 120_000
/** Connections to the mail server at one time, for all that leaves from this process; more wait their turn. */
export const connections = 5
/** One that has nothing to do for so long is closed, milliseconds: servers close theirs without a word. */
const idle = 5000

/** Opens the way mails leave by: SMTP_URL when set, over at most five connections that are kept while there is something to send; otherwise files in DATA_DIR/outbox. */
export function openPostbox(config: Config): Postbox {
  const domain = new URL(siteAddress(config)).hostname
  const message = (letter: Letter) => ({
    from: { name: letter.from, address: `${letter.person?.box ?? 'noreply'}@${domain}` },
    to: letter.to,
    subject: letter.subject,
    text: letter.text,
    messageId: `<${letter.id}@${domain}>`,
    headers: letter.person
      ? { 'Auto-Submitted': 'no', Comments: letter.person.comment }
      : { 'Auto-Submitted': 'auto-generated' },
    ...(letter.replyTo && { replyTo: letter.replyTo }),
    ...(letter.calendar && {
      icalEvent: { method: 'PUBLISH', filename: 'activity.ics', content: letter.calendar },
    }),
  })
  return config.smtpUrl === null ? intoFolder(config, message) : throughServer(config.smtpUrl, message)
}

type Message = (letter: Letter) => { messageId: string }

function intoFolder(config: Config, message: Message): Postbox {
  const folder = join(config.dataDir, 'outbox')
  const writer = createTransport({ streamTransport: true, buffer: true })
  const put = async (letter: Letter): Promise<undefined> => {
    await mkdir(folder, { recursive: true })
    const { message: built } = await writer.sendMail(message(letter))
    const file = join(folder, `${letter.id}.eml`)
    await writeFile(`${file}.part`, built, { mode: 0o600 })
    await rename(`${file}.part`, file)
  }
  return Object.assign(put, { keepsOne: true } as const)
}

function throughServer(url: string, message: Message): Postbox {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
    idleTimeout: idle,
    // A connection that the server closed meanwhile: once more over another, as long as no word had gone.
    maxRequeues: 1,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
  })
  // The words of each mail in hand: the server has had none of them until they are read.
  const words = new Map<string, Readable>()
  transport.use('stream', ({ data, message: built }, done) => {
    const read = built.createReadStream.bind(built)
    built.createReadStream = (options) => {
      const stream = read(options)
      if (data.messageId !== undefined) words.set(data.messageId, stream)
      return stream
    }
    done()
  })
  return async (letter) => {
    if (isNobodys(letter.to)) return 'example'
    const late = new AbortController()
    const mail = { ...message(letter), signal: late.signal }
    const timer = setTimeout(() => late.abort(), longest)
    try {
      await transport.sendMail(mail)
    } catch (error) {
      const begun = words.get(mail.messageId)?.readableDidRead === true
      throw error instanceof Error ? Object.assign(error, { begun }) : error
    } finally {
      clearTimeout(timer)
      words.delete(mail.messageId)
    }
    return undefined
  }
}

/** Why a mail did not leave: the server is away, does not let us in, does not take what we send as, to whom, or what; asks for later; or the fault is ours. */
export const whys = ['server', 'sign-in', 'sender', 'address', 'message', 'later', 'ours'] as const
export type Why = (typeof whys)[number]

/** Answers whether a letter that a postbox did not take has certainly not gone: the server said no, was never reached, or had not a word of it yet. When it fell silent in between, nobody knows. */
export function surelyNot(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', responseCode = 0 } = error as Partial<NodemailerError>
  const syscall = 'syscall' in error ? error.syscall : ''
  return (
    ('begun' in error && error.begun === false) ||
    responseCode >= 400 ||
    syscall === 'connect' ||
    /^(E(NO)?AUTH|EOAUTH2|EDNS|ECONNREFUSED|EENVELOPE|EMESSAGE)$/.test(code)
  )
}

/** Answers why a postbox did not take a letter, and whether it is of no use to ask again. What the server said in words is left out: it may name people. */
export function whyRefused(error: unknown): { why: Why; lasting: boolean } {
  if (!(error instanceof Error)) return { why: 'ours', lasting: false }
  const { code = '', command = '', responseCode = 0 } = error as Partial<NodemailerError>
  if (/^E(NO)?AUTH|^EOAUTH2$/.test(code)) return { why: 'sign-in', lasting: false }
  if (/^(ECONN|ETIMEDOUT|ESOCKET|EDNS|ETLS|EPROTOCOL|EABORT|EREQUIRETLS|EPROXY)/.test(code))
    return { why: 'server', lasting: false }
  if (responseCode >= 400 && responseCode < 500) return { why: 'later', lasting: false }
  // Whoever looks after the server can mend this, and then the same mail goes through.
  if (code === 'EENVELOPE' && command === 'MAIL FROM') return { why: 'sender', lasting: false }
  if (code === 'EENVELOPE' && command === 'RCPT TO') return { why: 'address', lasting: true }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { why: 'message', lasting: true }
  return { why: 'ours', lasting: false }
}
