import { connect } from 'node:net'

/** The bytes of an answer, head and body, by what its head says. */
function wholeLength(first: Buffer): number {
  const end = first.indexOf('\r\n\r\n') + 4
  const length = /\r\ncontent-length: (\d+)/i.exec(first.toString('latin1', 0, end))?.[1]
  if (end < 4 || length === undefined) throw new Error('an answer does not say its length')
  return end + Number(length)
}

/** Asks for one address over so many connections at once for so many seconds, each asking again as soon as it was answered; answers how many answers a second came. Bodies are counted by their length and never looked into: a client that reads them measures itself. Throws at any answer that is not 200, does not say its length, or is longer than the first; ends with an error when one stays out for ten seconds. */
export async function flood(options: {
  url: string
  connections: number
  seconds: number
  headers?: Record<string, string>
}): Promise<number> {
  const { hostname, port, pathname, host } = new URL(options.url)
  const lines = Object.entries({ host, ...options.headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const asking = Buffer.from(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const began = performance.now()
  const until = began + options.seconds * 1000
  let answers = 0
  let whole = 0
  const one = (): Promise<void> =>
    new Promise((done, failed) => {
      const socket = connect({ port: Number(port), host: hostname, noDelay: true })
      let missing = 0
      const take = (part: Buffer): void => {
        if (missing === 0) {
          if (part.toString('latin1', 0, 12) !== 'HTTP/1.1 200')
            throw new Error(`answered ${part.toString('latin1', 0, 12)}`)
          whole ||= wholeLength(part)
          missing = whole
        }
        missing -= part.length
        if (missing < 0) throw new Error('answers differ in length')
        if (missing > 0) return
        answers += 1
        if (performance.now() < until) socket.write(asking)
        else socket.end()
      }
      socket.on('connect', () => socket.write(asking))
      socket.on('data', (part: Buffer) => {
        try {
          take(part)
        } catch (error) {
          socket.destroy(error as Error)
        }
      })
      socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 s')))
      socket.on('error', failed)
      socket.on('close', () => done())
    })
  await Promise.all(Array.from({ length: options.connections }, one))
  return answers / ((performance.now() - began) / 1000)
}
