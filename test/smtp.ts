import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Db } from '#platform/server/db.ts'
import { queueMail, type NewMail } from '#platform/server/mail.ts'

/** At which step a mail is refused and with which number; what is not named is taken. */
export type Refusals = Partial<Record<'sender' | 'address' | 'message', number>>

/** A mail server on this machine that takes or refuses what it is told to. The caller closes it. */
export type MailServer = { url: string; taken: string[]; refuses: Refusals; close: () => Promise<void> }

const no = (code: number | undefined): Error | null =>
  code === undefined
    ? null
    : Object.assign(new Error('SECRET words about somebody@people.org'), { responseCode: code })

/** Opens a mail server; `refuses` may be changed at any time, `taken` fills with the addresses of what it took. */
export async function openMailServer(refuses: Refusals = {}): Promise<MailServer> {
  const opened: MailServer = { url: '', taken: [], refuses, close: async () => undefined }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onMailFrom: (_address, _session, done) => done(no(opened.refuses.sender)),
    onRcptTo: (_address, _session, done) => done(no(opened.refuses.address)),
    onData(stream, session, done) {
      stream.resume()
      stream.once('end', () => {
        const refused = no(opened.refuses.message)
        if (!refused) opened.taken.push(...session.envelope.rcptTo.map((one) => one.address))
        done(refused)
      })
    },
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  opened.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  opened.close = () => new Promise((closed) => server.close(closed))
  return opened
}

/** Queues a mail that an address is owed at a moment; answers its id. */
export async function owe(db: Db, due: Date, over: Partial<NewMail> = {}): Promise<string> {
  const key = crypto.randomUUID()
  const links = { link: 'https://week.example/secret', stopLink: 'https://week.example/me' }
  const plain = {
    key,
    address: 'ann@people.org',
    name: 'test',
    params: links,
    urgency: 'answer',
    due,
  } as const
  await queueMail(db, { ...plain, ...over })
  return (await db.selectFrom('mails').select('id').where('key', '=', key).executeTakeFirstOrThrow()).id
}
