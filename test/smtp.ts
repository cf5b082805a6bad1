import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Db } from '#platform/server/db.ts'
import { queueMail, type NewMail } from '#platform/server/mail.ts'

/** At which step a mail is refused and with which number; what is not named is taken. */
export type Refusals = Partial<Record<'sender' | 'address' | 'message', number>>

/** A mail server on this machine that takes or refuses what it is told to. The caller closes it. */
export type MailServer = {
  url: string
  /** To whom went what it took. */
  taken: string[]
  /** What it took, word for word. */
  letters: string[]
  /** How often somebody has connected. */
  callers: number
  refuses: Refusals
  /** Ends every connection without a word. */
  hangUp: () => void
  close: () => Promise<void>
}

const no = (code: number | undefined): Error | null =>
  code === undefined
    ? null
    : Object.assign(new Error('SECRET words about somebody@people.org'), { responseCode: code })

/** Opens a mail server; `refuses` may be changed at any time, `taken` fills with the addresses of what it took, `letters` with its words. */
export async function openMailServer(refuses: Refusals = {}): Promise<MailServer> {
  const close = async () => undefined
  const opened: MailServer = {
    url: '',
    taken: [],
    letters: [],
    callers: 0,
    refuses,
    hangUp: () => undefined,
    close,
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    // Whoever keeps connections for the next mail is not waited for.
    closeTimeout: 100,
    onConnect(_session, done) {
      opened.callers += 1
      done()
    },
    onMailFrom: (_address, _session, done) => done(no(opened.refuses.sender)),
    onRcptTo: (_address, _session, done) => done(no(opened.refuses.address)),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.once('end', () => {
        const refused = no(opened.refuses.message)
        if (!refused) {
          opened.taken.push(...session.envelope.rcptTo.map((one) => one.address))
          opened.letters.push(Buffer.concat(parts).toString())
        }
        done(refused)
      })
    },
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  opened.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  opened.hangUp = () => sockets.forEach((socket) => socket.destroy())
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
