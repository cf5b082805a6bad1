import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as safeRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { Refusal } from '#kernel/refusal.ts'

export type OutsideLimits = {
  /** The most bytes that are taken. */
  most: number
  /** How long the whole of it may take, milliseconds. */
  longest: number
  /** How often one address may lead to another. */
  redirects: number
  /** Addresses that may be asked although they are private; for tests against a server of their own. */
  allowed?: readonly string[]
  accept?: string
  /** The only ports that are asked; any when not said. */
  ports?: readonly number[]
  /** The only types that are taken, as they begin ("text/html"); any when not said. */
  types?: readonly string[]
  /** Of what is larger the beginning is taken, instead of none. */
  beginning?: boolean
  /** Who says whether an address may be asked, for the first and for each that it leads to; any when not said. */
  may?: (url: URL) => Promise<boolean>
  /** Who says which addresses a name has; the machine's own resolver unless handed in. */
  resolve?: Resolve
}
/** Answers all addresses of a name. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  answer: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void
/** What stood there: where in the end, and what it says it is. */
export type OutsidePage = { bytes: Buffer; address: string; type: string }

/** Networks that are nobody's public place: our own, the neighbours', the machine's. */
const closed = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  closed.addSubnet(network, bits)
}
/** Inside the public part of IPv6: tunnels that may end anywhere, and examples. */
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  closed.addSubnet(network, bits, 'ipv6')
}
const open6 = new BlockList()
open6.addSubnet('2000::', 3, 'ipv6')

/** Answers whether an address of the network is a public one. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !closed.check(address)
  return isIP(address) === 6 && open6.check(address, 'ipv6') && !closed.check(address, 'ipv6')
}

type No = 'outside.private' | 'outside.not-let' | 'outside.failed' | 'outside.late' | 'outside.large'
const no = (key: No, params: { status?: number } = {}): Refusal =>
  new Refusal('invalid', key, params, 'address')

/** Resolves a name and answers only addresses that may be asked; the connection goes to what was answered here and is not resolved again. */
function guardedLookup(
  mayAsk: (address: string) => boolean,
  resolve: Resolve,
): NonNullable<RequestOptions['lookup']> {
  return (host, options, answer) => {
    resolve(host, { all: true, family: options.family ?? 0 }, (error, found) => {
      const open = error ? [] : found.filter((one) => mayAsk(one.address))
      const [first] = open
      // One private address among public ones is a trick: none of them is asked.
      if (error || !first || open.length < found.length) {
        answer(error ?? no('outside.private'), '', 0)
      } else if (options.all) answer(null, open)
      else answer(null, first.address, first.family)
    })
  }
}

function ask(url: URL, limits: OutsideLimits, signal: AbortSignal): Promise<IncomingMessage> {
  const mayAsk = (address: string): boolean => isPublic(address) || (limits.allowed ?? []).includes(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw no('outside.failed')
  if (isIP(host) !== 0 && !mayAsk(host)) throw no('outside.private')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  if (limits.ports && !limits.ports.includes(port)) throw no('outside.failed')
  const send = url.protocol === 'https:' ? safeRequest : plainRequest
  return new Promise((done, failed) => {
    const request = send(
      url,
      {
        agent: false,
        signal,
        lookup: guardedLookup(mayAsk, limits.resolve ?? lookup),
        maxHeaderSize: 16_384,
        headers: {
          accept: limits.accept ?? '*/*',
          'accept-encoding': 'identity',
          'user-agent': 'a-bit-extra',
        },
      },
      done,
    )
    request.once('error', failed)
    // Whatever was resolved: the machine at the other end is the one that must be public.
    request.once('socket', (socket) => {
      socket.once('connect', () => {
        if (!mayAsk((socket.remoteAddress ?? '').replace(/^::ffff:/, '')))
          request.destroy(no('outside.private'))
      })
    })
    request.end()
  })
}

async function bodyOf(answer: IncomingMessage, { most, beginning }: OutsideLimits): Promise<Buffer> {
  if (!beginning && Number(answer.headers['content-length'] ?? 0) > most) {
    answer.destroy()
    throw no('outside.large')
  }
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    parts.push(part)
    if (size <= most) continue
    answer.destroy()
    if (!beginning) throw no('outside.large')
    break
  }
  return Buffer.concat(parts).subarray(0, most)
}

async function follow(address: string, limits: OutsideLimits, signal: AbortSignal): Promise<OutsidePage> {
  let url = new URL(address)
  for (let hop = 0; hop <= limits.redirects; hop += 1) {
    if (limits.may && !(await limits.may(url))) throw no('outside.not-let')
    const answer = await ask(url, limits, signal)
    const status = answer.statusCode ?? 0
    if (status >= 300 && status < 400 && answer.headers.location !== undefined) {
      answer.destroy()
      url = new URL(answer.headers.location, url)
      continue
    }
    const packed = answer.headers['content-encoding']
    const type = answer.headers['content-type'] ?? ''
    const taken = limits.types?.some((one) => type.toLowerCase().startsWith(one)) ?? true
    if (status !== 200 || !taken || (packed !== undefined && packed !== 'identity')) {
      answer.destroy()
      throw no('outside.failed', { status })
    }
    return { bytes: await bodyOf(answer, limits), address: url.href, type }
  }
  throw no('outside.failed')
}

/** Fetches what stands at an address of the outside: http or https, never from a private network (also not by redirect or by a name that changes), within the limits given. Refuses with words, at the field "address", whatever does not work. Never inside a request or a transaction. */
export const fetchOutside = async (address: string, limits: OutsideLimits): Promise<Buffer> =>
  (await fetchPage(address, limits)).bytes

/** The same, with where it stood in the end and its type. A refusal says the status that was answered, if one was. */
export async function fetchPage(address: string, limits: OutsideLimits): Promise<OutsidePage> {
  const signal = AbortSignal.timeout(limits.longest)
  try {
    return await follow(address, limits, signal)
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (signal.aborted) throw no('outside.late')
    if (error instanceof Error) throw no('outside.failed')
    throw error
  }
}
