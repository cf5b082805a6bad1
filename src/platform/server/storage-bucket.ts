import { AwsV4Signer } from 'aws4fetch'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http'
import { Agent as SafeAgent, request as safeRequest } from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isKey, type Space, type Store, type Stored } from '#platform/server/storage.ts'

/** How long the other side may say nothing, and how long the whole of a call may take, milliseconds. */
type Patience = { silent: number; longest: number }
const usual: Patience = { silent: 20_000, longest: 120_000 }
/** What no bytes hash to. */
const emptyHash = createHash('sha256').digest('hex')

export type Bucket = {
  bucket: string
  endpoint: string | null
  region: string
  key: string
  secret: string
  token: string | null
}
type Reached = Bucket & Patience

/** Reads s3://[key:secret@]bucket[?endpoint=…&region=…]; what the address does not name comes from the usual variables. */
export function readBucket(
  url: string,
  env: { key: string | null; secret: string | null; token: string | null },
): Bucket {
  const read = new URL(url)
  const key = decodeURIComponent(read.username) || env.key
  const secret = decodeURIComponent(read.password) || env.secret
  if (read.protocol !== 's3:' || read.hostname === '')
    throw new Error('STORAGE_URL must begin with file: or s3://')
  if (!key || !secret) throw new Error('STORAGE_URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  const endpoint = read.searchParams.get('endpoint')
  if (endpoint !== null && !/^https?:\/\//.test(endpoint))
    throw new Error('The endpoint in STORAGE_URL must be a whole address')
  return {
    bucket: read.hostname,
    endpoint: endpoint?.replace(/\/$/, '') ?? null,
    region: read.searchParams.get('region') ?? 'us-east-1',
    key,
    secret,
    token: env.token,
  }
}

type Call = { method: string; path: string; headers?: Record<string, string>; body?: Readable; hash?: string }

const agents = {
  plain: new PlainAgent({ keepAlive: true, maxSockets: 16 }),
  safe: new SafeAgent({ keepAlive: true, maxSockets: 16 }),
}

/** Signs a call and sends it; answers as soon as the other side begins to answer. */
async function send(to: Reached, call: Call): Promise<IncomingMessage> {
  const base = to.endpoint
    ? `${to.endpoint}/${to.bucket}`
    : `https://${to.bucket}.s3.${to.region}.amazonaws.com`
  const signer = new AwsV4Signer({
    method: call.method,
    url: base + call.path,
    headers: { ...call.headers, 'x-amz-content-sha256': call.hash ?? emptyHash },
    accessKeyId: to.key,
    secretAccessKey: to.secret,
    ...(to.token ? { sessionToken: to.token } : {}),
    service: 's3',
    region: to.region,
  })
  const { url, headers } = await signer.sign()
  const safe = url.protocol === 'https:'
  return new Promise((done, failed) => {
    const options = {
      method: call.method,
      headers: Object.fromEntries(headers),
      agent: safe ? agents.safe : agents.plain,
      timeout: to.silent,
    }
    const request = safe ? safeRequest(url, options, done) : plainRequest(url, options, done)
    const late = setTimeout(() => request.destroy(new Error('the store took too long')), to.longest)
    request.once('timeout', () => request.destroy(new Error('the store does not answer')))
    request.once('close', () => clearTimeout(late))
    request.once('error', failed)
    if (!call.body) request.end()
    else pipeline(call.body, request).catch(failed)
  })
}

async function wordsOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** Sends a call whose answer is only whether it worked. */
async function order(to: Reached, call: Call): Promise<string> {
  const answer = await send(to, call)
  const words = await wordsOf(answer)
  const status = answer.statusCode ?? 0
  if (status === 404 && call.method === 'DELETE') return ''
  // A copy can begin with 200 and end with an error inside.
  if (status >= 300 || words.includes('<Error>'))
    throw new Error(`the store answered ${status} to ${call.method}`)
  return words
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) hash.update(part)
  return hash.digest('hex')
}

/** A store in a bucket that speaks S3: one object for each key. */
export function bucketStore(bucket: Bucket, patience = usual): Store {
  const to: Reached = { ...bucket, ...patience }
  const pathOf = (space: Space, key: string): string => {
    if (!isKey(key)) throw new Error('That is no key of ours')
    return `/${space}/${key}`
  }
  const get: Store['get'] = async (space, key, range) => {
    const headers: Record<string, string> = range ? { range: `bytes=${range.from}-${range.to}` } : {}
    const answer = await send(to, { method: 'GET', path: pathOf(space, key), headers })
    const status = answer.statusCode ?? 0
    if (status === 200 || status === 206) {
      const whole = /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1]
      return { bytes: Number(whole ?? answer.headers['content-length'] ?? 0), body: answer }
    }
    answer.resume()
    if (status === 404) return null
    throw new Error(`the store answered ${status} to GET`)
  }
  return {
    putFile: async (space, key, path) => {
      const [{ size }, hash] = await Promise.all([stat(path), hashOf(path)])
      const headers = { 'content-length': String(size) }
      await order(to, {
        method: 'PUT',
        path: pathOf(space, key),
        headers,
        hash,
        body: createReadStream(path),
      })
    },
    get,
    fetchTo: async (space, key, path) => {
      const found = await get(space, key)
      if (!found) return false
      await pipeline(found.body, createWriteStream(path))
      return true
    },
    delete: async (space, key) => void (await order(to, { method: 'DELETE', path: pathOf(space, key) })),
    copy: async (space, from, into) => {
      const headers = { 'x-amz-copy-source': `/${to.bucket}${pathOf(space, from)}` }
      await order(to, { method: 'PUT', path: pathOf(space, into), headers })
    },
    list: (space) => objectsOf(to, `${space}/`),
    answers: async () => {
      const late = new Promise<boolean>((done) => setTimeout(done, 2000, false).unref())
      const asked = order(to, { method: 'HEAD', path: '/' }).then(
        () => true,
        () => false,
      )
      return Promise.race([asked, late])
    },
  }
}

async function* objectsOf(to: Reached, prefix: string): AsyncGenerator<Stored> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const query = new URLSearchParams({
      'list-type': '2',
      prefix,
      ...(after ? { 'continuation-token': after } : {}),
    })
    const words = await order(to, { method: 'GET', path: `/?${query.toString()}` })
    for (const [, object = ''] of words.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const part = (name: string): string =>
        new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(object)?.[1] ?? ''
      yield {
        key: part('Key').slice(prefix.length),
        bytes: Number(part('Size')),
        changed: new Date(part('LastModified')),
      }
    }
    after = /<NextContinuationToken>(.*?)<\/NextContinuationToken>/.exec(words)?.[1]
  }
}
