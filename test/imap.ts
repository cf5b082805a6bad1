import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A mailbox on this machine, spoken to in IMAP4rev1 (RFC 3501): as much of it as is needed to look for unread mails, read, mark and delete them. The caller closes it. */
export type ImapServer = {
  url: string
  /** What lies in the mailbox, word for word. */
  mails: { uid: number; raw: string; flags: Set<string> }[]
  /** Lays a mail into it. */
  put: (raw: string) => void
  close: () => Promise<void>
}

const toOf = (raw: string): string => /^to:(.*)$/im.exec(raw.split(/\r?\n\r?\n/)[0] ?? '')?.[1] ?? ''

/** The numbers that "1,4:6" means. */
const inSet = (set: string, uid: number): boolean =>
  set.split(',').some((part) => {
    const [from = '', to = from] = part.split(':')
    return uid >= Number(from) && uid <= (to === '*' ? Infinity : Number(to))
  })

/** Opens a mailbox. */
export async function openImapServer(): Promise<ImapServer> {
  const sockets = new Set<Socket>()
  const opened: ImapServer = {
    url: '',
    mails: [],
    put: (raw) => {
      const uid = (opened.mails.at(-1)?.uid ?? 0) + 1
      opened.mails.push({ uid, raw: raw.replaceAll(/\r?\n/g, '\r\n'), flags: new Set() })
    },
    close: async () => undefined,
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.write('* OK [CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN LITERAL+] ready\r\n')
    let rest = ''
    socket.on('data', (part) => {
      rest += part.toString('latin1')
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        socket.write(answer(opened, line), 'latin1')
        if (/ LOGOUT$/i.test(line)) socket.end()
      }
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  opened.url = `imap://box:word@127.0.0.1:${(server.address() as AddressInfo).port}`
  opened.close = () =>
    new Promise((closed) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => closed())
    })
  return opened
}

function answer(box: ImapServer, line: string): string {
  const [tag = '', ...words] = line.split(' ')
  const command = words.join(' ')
  const said = (...lines: string[]): string =>
    [...lines.map((one) => `* ${one}`), `${tag} OK done`].join('\r\n') + '\r\n'
  if (/^CAPABILITY/i.test(command)) return said('CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN LITERAL+')
  if (/^(LOGIN|AUTHENTICATE|NOOP|NAMESPACE|ID|ENABLE|CLOSE|UNSELECT)/i.test(command)) return said()
  if (/^LOGOUT/i.test(command)) return said('BYE')
  if (/^(LIST|LSUB)/i.test(command)) return said('LIST (\\HasNoChildren) "/" INBOX')
  if (/^(SELECT|EXAMINE)/i.test(command)) {
    return said(
      `${box.mails.length} EXISTS`,
      'FLAGS (\\Seen \\Deleted)',
      'OK [PERMANENTFLAGS (\\Seen \\Deleted)] kept',
      'OK [UIDVALIDITY 1] valid',
      `OK [UIDNEXT ${(box.mails.at(-1)?.uid ?? 0) + 1}] next`,
    )
  }
  if (/^UID SEARCH/i.test(command)) return said(`SEARCH ${search(box, command).join(' ')}`.trim())
  const [, verb = '', set = ''] = /^UID (\w+) ([\d,:*]+)/i.exec(command) ?? []
  const meant = box.mails.filter(({ uid }) => inSet(set, uid))
  if (/^FETCH$/i.test(verb)) return said(...meant.map((mail) => fetched(box, mail, command)))
  if (/^STORE$/i.test(verb)) {
    for (const mail of meant) for (const [flag] of command.matchAll(/\\\w+/g)) mail.flags.add(flag)
    return said()
  }
  if (/EXPUNGE/i.test(command)) {
    box.mails = box.mails.filter(
      ({ uid, flags }) => !flags.has('\\Deleted') || (set !== '' && !inSet(set, uid)),
    )
    return said()
  }
  return `${tag} BAD ${command.slice(0, 20)}\r\n`
}

function search(box: ImapServer, command: string): number[] {
  const to = / TO "?([^\s"]+)"?/i.exec(command)?.[1]?.toLowerCase() ?? ''
  const unseen = /UNSEEN/i.test(command)
  return box.mails
    .filter(({ raw, flags }) => toOf(raw).toLowerCase().includes(to) && !(unseen && flags.has('\\Seen')))
    .map(({ uid }) => uid)
}

function fetched(box: ImapServer, mail: ImapServer['mails'][number], command: string): string {
  const place = box.mails.indexOf(mail) + 1
  const most = Number(/<\d+\.(\d+)>/.exec(command)?.[1] ?? Infinity)
  const raw = Buffer.from(mail.raw).subarray(0, most).toString('latin1')
  const part = Number.isFinite(most) ? 'BODY[]<0>' : 'BODY[]'
  return `${place} FETCH (UID ${mail.uid} ${part} {${raw.length}}\r\n${raw})`
}
