import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchOutside, isPublic } from '#platform/server/outside.ts'
import { refused } from '../../../test/refused.ts'

let server: Server
let base = ''
let asked = 0
beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1
    const path = request.url ?? '/'
    if (path === '/plain') response.end('BEGIN:VCALENDAR')
    else if (path === '/once') response.writeHead(302, { location: '/plain' }).end()
    else if (path === '/round') response.writeHead(302, { location: '/round' }).end()
    else if (path === '/inside') response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end()
    else if (path === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    else if (path === '/large') {
      response.writeHead(200)
      const more = setInterval(() => response.write('x'.repeat(65_536)), 1)
      response.once('close', () => clearInterval(more))
    } else if (path === '/said-large') response.writeHead(200, { 'content-length': 9_000_000 }).write('x')
    else if (path === '/packed') response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
    else if (path === '/slow') response.writeHead(200).write('x')
    else response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

const limits = { most: 1_000_000, longest: 2000, redirects: 3, allowed: ['127.0.0.1'] }
const no = async (path: string, over: object = {}): Promise<string> => {
  return (
    await refused(
      fetchOutside(path.startsWith('/') ? base + path : path, {
        ...limits,
        ...over,
      }),
    )
  ).key
}

describe('fetching from outside', () => {
  it('brings what stands there, through a redirect too', async () => {
    expect((await fetchOutside(`${base}/plain`, limits)).toString()).toBe('BEGIN:VCALENDAR')
    expect((await fetchOutside(`${base}/once`, limits)).toString()).toBe('BEGIN:VCALENDAR')
  })

  it('never asks a private network, by number, by name or by redirect', async () => {
    const before = asked
    expect(await no('/plain', { allowed: [] })).toBe('outside.private')
    expect(await no(base.replace('127.0.0.1', 'localhost'), { allowed: [] })).toBe('outside.private')
    expect(await no('http://[::1]/', { allowed: [] })).toBe('outside.private')
    expect(await no('http://2130706433/', { allowed: [] })).toBe('outside.private')
    expect(asked).toBe(before)
    expect(await no('/inside')).toBe('outside.private')
  })

  it('speaks http and https only', async () => {
    expect(await no('/file')).toBe('outside.failed')
    expect(await no('file:///etc/passwd')).toBe('outside.failed')
    expect(await no('https://somebody:secret@127.0.0.1/')).toBe('outside.failed')
  })

  it('ends what is too large, too slow, packed, not there or goes round', async () => {
    expect(await no('/large')).toBe('outside.large')
    expect(await no('/said-large')).toBe('outside.large')
    expect(await no('/slow', { longest: 300 })).toBe('outside.late')
    expect(await no('/packed')).toBe('outside.failed')
    expect(await no('/gone')).toBe('outside.failed')
    expect(await no('/round')).toBe('outside.failed')
  })

  it('knows which addresses are public', () => {
    const inside =
      '10.1.2.3 127.0.0.1 169.254.169.254 172.31.0.1 192.168.1.1 100.64.0.1 0.0.0.0 255.255.255.255'
    for (const address of inside.split(' ')) expect([address, isPublic(address)]).toEqual([address, false])
    const inside6 =
      ':: ::1 fe80::1 fd00::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1 2002:a00:1:: 2001:db8::1'
    for (const address of inside6.split(' ')) expect([address, isPublic(address)]).toEqual([address, false])
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700::1111'])
      expect(isPublic(address)).toBe(true)
  })
})
