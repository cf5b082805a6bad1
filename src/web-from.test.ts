import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { whenceBy, type Whence } from '#web-from.ts'

/** A request as Node makes it, over a connection from an address. */
function from(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress })
  const request = new IncomingMessage(socket)
  Object.assign(request.headers, { host: 'week.example', ...headers })
  return request
}
const forwarded = { 'x-forwarded-for': '198.51.100.9, 10.0.0.4', 'x-forwarded-proto': 'https' }
const both = (whence: Whence, request: IncomingMessage) => [whence.origin(request), whence.client(request)]

describe('whence a request comes', () => {
  const open = whenceBy({ siteUrl: null, trustedProxies: [] })
  const behind = whenceBy({ siteUrl: null, trustedProxies: ['192.0.2.1', '10.0.0.0/8', '2001:db8::1'] })

  test('is who holds the connection, whatever they say of others', () => {
    expect(both(open, from('203.0.113.5', forwarded))).toEqual(['http://week.example', '203.0.113.5'])
    expect(both(behind, from('203.0.113.5', forwarded))).toEqual(['http://week.example', '203.0.113.5'])
  })

  test('is what a named proxy says, without the proxies on the way', () => {
    for (const proxy of ['192.0.2.1', '::ffff:192.0.2.1', '10.9.9.9', '2001:db8::1'])
      expect(both(behind, from(proxy, forwarded))).toEqual(['https://week.example', '198.51.100.9'])
  })

  test('is the proxy itself when it says nothing that is an address', () => {
    expect(behind.client(from('10.0.0.1', { 'x-forwarded-for': 'unknown, <b>' }))).toBe('10.0.0.1')
    expect(behind.client(from('10.0.0.1'))).toBe('10.0.0.1')
  })

  test('is asked of each request, while its proxy is known by the connection', () => {
    const first = from('10.0.0.1', forwarded)
    const second = new IncomingMessage(first.socket)
    Object.assign(second.headers, { host: 'week.example', 'x-forwarded-for': '198.51.100.10' })
    expect(behind.client(first)).toBe('198.51.100.9')
    expect(both(behind, second)).toEqual(['http://week.example', '198.51.100.10'])
  })

  test('is the address of the site where one is set', () => {
    const set = whenceBy({ siteUrl: 'https://week.example.org', trustedProxies: [] })
    expect(set.origin(from('203.0.113.5'))).toBe('https://week.example.org')
  })
})
