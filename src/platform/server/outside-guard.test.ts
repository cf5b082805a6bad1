import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createPlain, type AddressInfo, type Server as PlainServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchOutside, fetchPage, type OutsideLimits, type Resolve } from '#platform/server/outside.ts'
import { refused } from '../../../test/refused.ts'

let server: Server
let raw: PlainServer
let asked: string[] = []
let port = 0
let rawPort = 0

/** A page that says little, slowly, for ever. */
function drip(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/html' })
  const more = setInterval(() => response.write(' '), 20)
  response.once('close', () => clearInterval(more))
}
const bomb = gzipSync(Buffer.alloc(20_000_000))
const answers: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/page': (response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<title>Hi</title>'),
  '/to-page': (response) => response.writeHead(301, { location: '/page' }).end(),
  '/inside': (response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end(),
  '/by-name': (response) =>
    response.writeHead(307, { location: `http://inside.example:${port}/secret` }).end(),
  '/four': (response, request) => {
    const count = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('n') ?? '0')
    response.writeHead(302, { location: count >= 4 ? '/page' : `/four?n=${count + 1}` }).end()
  },
  '/drip': drip,
  '/bomb': (response) =>
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb),
  '/header': (response) =>
    response.writeHead(200, { 'content-type': 'text/html', 'x-more': 'x'.repeat(100_000) }).end('x'),
  '/film': (response) => response.writeHead(200, { 'content-type': 'video/mp4' }).end('x'),
  '/no': (response) => response.writeHead(403).end(),
  '/long': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Hi</title>${'x'.repeat(2_000_000)}`),
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    asked.push(path)
    const answer = answers[path]
    if (answer) answer(response, request)
    else response.end('a secret')
  })
  raw = createPlain((socket) => {
    socket.on('error', () => undefined)
    socket.write('HTTP/1.1 200 OK\r\n')
    const more = setInterval(() => socket.write('x-y: z\r\n'), 5)
    socket.once('close', () => clearInterval(more))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  await new Promise<void>((done) => raw.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
  rawPort = (raw.address() as AddressInfo).port
})
afterAll(async () => {
  server.closeAllConnections()
  await Promise.all([server, raw].map((one) => new Promise((done) => one.close(done))))
})

/** Names and their addresses; each time a name is asked for, the next of its addresses is answered, the last for ever. */
function resolver(names: Record<string, string[][]>): Resolve {
  const turn: Record<string, number> = {}
  return (host, _options, answer) => {
    const all = names[host]
    const now = turn[host] ?? 0
    turn[host] = now + 1
    const found = all?.[Math.min(now, all.length - 1)]
    if (!found) answer(Object.assign(new Error('No such name'), { code: 'ENOTFOUND' }), [])
    else
      answer(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
  }
}
/** The test's own server is "open.example": the only private address that may be asked, and only by this other number of this machine. */
const open = '127.0.0.1'
const usual = (): OutsideLimits => ({
  most: 512 * 1024,
  longest: 4000,
  redirects: 3,
  types: ['text/html'],
  ports: [port, rawPort],
  allowed: [open],
  resolve: resolver({ 'open.example': [[open]] }),
})
async function no(address: string, over: Partial<OutsideLimits> = {}): Promise<string> {
  asked = []
  return (await refused(fetchOutside(address, { ...usual(), ...over }))).key
}

describe('what is fetched from outside', () => {
  test('comes with where it stood in the end and its type', async () => {
    expect(await fetchPage(`http://open.example:${port}/to-page`, usual())).toEqual({
      bytes: Buffer.from('<title>Hi</title>'),
      address: `http://open.example:${port}/page`,
      type: 'text/html; charset=utf-8',
    })
  })

  test('is cut at its most where the beginning is enough', async () => {
    const bytes = await fetchOutside(`http://open.example:${port}/long`, { ...usual(), beginning: true })
    expect(bytes.length).toBe(512 * 1024)
    expect(await no(`http://open.example:${port}/long`)).toBe('outside.large')
  })

  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[fe80::1]',
    '[fd00::1]',
    '[ff02::1]',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'localhost',
  ])('never comes from %s', async (host) => {
    const over = { allowed: [], resolve: resolver({ localhost: [['127.0.0.1', '::1']] }) }
    expect(await no(`http://${host}:${port}/secret`, over)).toBe('outside.private')
    expect(asked).toEqual([])
  })

  test('never comes from inside by a redirect, whether by number or by name', async () => {
    // The first machine is public as far as this test is concerned; the second is the same one under a name that is not.
    const names = { 'open.example': [[open]], 'inside.example': [['10.0.0.7']] }
    const over = { resolve: resolver(names) }
    expect(await no(`http://open.example:${port}/by-name`, over)).toBe('outside.private')
    expect(asked).toEqual(['/by-name'])
    const once = { resolve: resolver(names), allowed: [] }
    expect(await no(`http://open.example:${port}/inside`, once)).toBe('outside.private')
    expect(asked).toEqual([])
  })

  test('is asked at the very address that was looked at: a name that changes between gets nobody in', async () => {
    const rebinding = { 'open.example': [['93.184.216.34'], ['127.0.0.1']] }
    const resolve = resolver(rebinding)
    let looked = 0
    const counted: Resolve = (host, options, answer) => {
      looked += 1
      resolve(host, options, answer)
    }
    // The public address does not answer here; what counts is that the second answer is never used.
    await no(`http://open.example:${port}/secret`, { allowed: [], resolve: counted, longest: 300 })
    expect([looked, asked]).toEqual([1, []])
    const mixed = resolver({ 'open.example': [['93.184.216.34', '127.0.0.1']] })
    expect(await no(`http://open.example:${port}/secret`, { allowed: [], resolve: mixed })).toBe(
      'outside.private',
    )
    const later = resolver({ 'open.example': [[open], ['10.0.0.7']] })
    expect(await no(`http://open.example:${port}/to-page`, { resolve: later })).toBe('outside.private')
    expect(asked).toEqual(['/to-page'])
  })

  test('comes from the ports of the web only, where that was said', async () => {
    for (const other of [22, 25, 3306, 8080, rawPort])
      expect(await no(`http://open.example:${other}/`, { ports: [80, 443] })).toBe('outside.failed')
    expect(await no('http://open.example:8443/', { ports: [80, 443] })).toBe('outside.failed')
    expect(asked).toEqual([])
  })

  test('is given up when it is slow, packed, led on too often, no page, or refused', async () => {
    const at = (path: string) => `http://open.example:${port}${path}`
    expect(await no(at('/drip'), { longest: 300 })).toBe('outside.late')
    expect(await no(at('/bomb'))).toBe('outside.failed')
    expect(await no(at('/four'))).toBe('outside.failed')
    expect(asked).toHaveLength(4)
    expect(await no(at('/film'))).toBe('outside.failed')
    expect(await no(at('/header'))).toBe('outside.failed')
    expect(await no(`http://open.example:${rawPort}/`, { longest: 300 })).toBe('outside.late')
    expect(await refused(fetchOutside(at('/no'), usual()))).toMatchObject({
      key: 'outside.failed',
      params: { status: 403 },
    })
  })
})
