// A mail server in a process of its own that takes everything and counts it by name: what both the product and its limit send to.
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

const names = new Map<string, number>()
let [count, last] = [0, 0]

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  maxClients: 50,
  onData(stream, _session, done) {
    let head = ''
    stream.on('data', (part: Buffer) => {
      if (!head.includes('\r\n\r\n')) head += part.toString('latin1')
    })
    stream.once('end', () => {
      const name = /^message-id: (\S+)/im.exec(head)?.[1] ?? ''
      names.set(name, (names.get(name) ?? 0) + 1)
      count += 1
      last = Date.now()
      done()
    })
  },
})
server.on('error', () => undefined)

/** What was taken since it was last asked: how many, how many of them once, and when the last came. */
process.on('message', () => {
  process.send?.({ count, once: [...names.values()].filter((times) => times === 1).length, last })
  names.clear()
  count = 0
})
server.listen(0, '127.0.0.1', () => process.send?.((server.server.address() as AddressInfo).port))
