import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type NodemailerError, type Transporter } from 'nodemailer'
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
export type Postbox = (letter: Letter) => Promise<'example' | undefined>

/** Addresses that can never belong to anybody (RFC 2606, RFC 6761); the example week's people have them. */
const nobodys = /@(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/

/** Answers whether an address can never belong to anybody, so that nothing leaves for it. */
export const isNobodys = (address: string): boolean => nobodys.test(address)

/** A server that answers a little now and then would otherwise hold a mail for ever. */
const longest = 120_000

/** Opens the way mails leave by: SMTP_URL when set, otherwise files in DATA_DIR/outbox. */
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
  if (!config.smtpUrl) {
    const folder = join(config.dataDir, 'outbox')
    const writer = createTransport({ streamTransport: true, buffer: true })
    return async (letter): Promise<undefined> => {
      await mkdir(folder, { recursive: true })
      const { message: built } = await writer.sendMail(message(letter))
      const file = join(folder, `${letter.id}.eml`)
      await writeFile(`${file}.part`, built, { mode: 0o600 })
      await rename(`${file}.part`, file)
    }
  }
  const transport: Transporter = createTransport({
    url: config.smtpUrl,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
  })
  return async (letter) => {
    if (isNobodys(letter.to)) return 'example'
    await transport.sendMail({ ...message(letter), signal: AbortSignal.timeout(longest) })
    return undefined
  }
}

/** Why a mail did not leave: the server is away, does not let us in, does not take what we send as, to whom, or what; asks for later; or the fault is ours. */
export const whys = ['server', 'sign-in', 'sender', 'address', 'message', 'later', 'ours'] as const
export type Why = (typeof whys)[number]

/** Answers whether a letter that a postbox did not take has certainly not gone: the server said no, or was never reached. When it fell silent in between, nobody knows. */
export function surelyNot(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', responseCode = 0 } = error as Partial<NodemailerError>
  const syscall = 'syscall' in error ? error.syscall : ''
  return (
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
