import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, type Socket } from 'node:net'
import type { Config } from '#platform/server/config.ts'

/** Tells by which address of ours somebody asks, and who asks. Forwarded headers count only from the proxies that were named. */
export type Whence = {
  origin: (request: IncomingMessage) => string
  client: (request: IncomingMessage) => string
}

/** Answers how to tell whence a request comes, by the settings of the site. */
export function whenceBy(config: Pick<Config, 'siteUrl' | 'trustedProxies'>): Whence {
  const proxies = new BlockList()
  for (const one of config.trustedProxies) {
    const [address = '', bits] = one.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits) proxies.addSubnet(address, Number(bits), family)
    else proxies.addAddress(address, family)
  }
  const trusted = (address: string): boolean => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  // One connection carries many requests; asking the list for each costs a twentieth of a kept page.
  const known = new WeakMap<Socket, boolean>()
  const peerOf = (request: IncomingMessage): string =>
    (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
  const throughProxy = (request: IncomingMessage): boolean => {
    const before = known.get(request.socket)
    if (before !== undefined) return before
    const now = trusted(peerOf(request))
    known.set(request.socket, now)
    return now
  }
  return {
    origin: (request) => {
      if (config.siteUrl !== null) return config.siteUrl
      const secure = request.headers['x-forwarded-proto'] === 'https' && throughProxy(request)
      return `${secure ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`
    },
    client: (request) => {
      const peer = peerOf(request)
      if (!throughProxy(request)) return peer
      const chain = String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .map((part) => part.trim())
      return chain.toReversed().find((address) => isIP(address) !== 0 && !trusted(address)) ?? peer
    },
  }
}
