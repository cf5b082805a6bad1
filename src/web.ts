import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { always, sendFresh, sendKept } from '#web-answers.ts'
import { sayCannotRead } from '#web-cannot-read.ts'
import { whenceBy, type Whence } from '#web-from.ts'
import { answerUpload, type UploadDoor } from '#web-uploads.ts'
import { replayFirst, sayNotYet, type LedgerGate } from '#web-ledger.ts'
import { bodyOf, isLargeRequest, largeRequest, mostOf, tooLarge } from '#web-bodies.ts'
import { hour, minute } from '#kernel/limits.ts'
import { readConfig, type Config } from '#platform/server/config.ts'
import { connect, type Db } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { answers, keptPages, seconds } from '#platform/server/metrics.ts'
import { answerCheck } from '#platform/server/health.ts'
import { clearOnWrites, keepable, PageCache, type KeptPage } from '#platform/server/page-cache.ts'
import { readyFiles } from '#platform/server/ready-files.ts'
import { workFolders } from '#platform/server/receiving.ts'
import type { Store } from '#platform/server/storage.ts'
import { openStore } from '#platform/server/storage-site.ts'

type Kit = {
  server: { respond: (request: Request, options: object) => Promise<Response> }
  assets: { entries: [string, unknown][] }
  handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
  getRequest: (options: object) => Request
  setResponse: (response: ServerResponse, answer: Response) => void
}

async function loadKit(): Promise<Kit> {
  const folder = join(import.meta.dirname, '../build/site')
  const load = (name: string) => import(pathToFileURL(join(folder, name)).href)
  const [{ handler }, { server, assets }, node] = await Promise.all([
    load('handler.js'),
    load('adapter-node.js'),
    import('@sveltejs/kit/node'),
  ])
  return { handler, server, assets, getRequest: node.getRequest, setResponse: node.setResponse } as Kit
}

/** TRACE and CONNECT cannot even be made into a Request; the pages answer the others. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const hasSession = (request: IncomingMessage): boolean =>
  request.headers.cookie?.includes('session_token=') ?? false
/** Looking the labels up each time would cost a tenth of an answer. */
const fromCache = answers.labels({ status: '2xx', from: 'cache' })

type Door = {
  config: Config
  db: Db
  store: Store
  uploads: UploadDoor
  ledger: LedgerGate
  kit: Kit
  cache: PageCache
  files: Map<string, KeptPage>
  whence: Whence
}

async function requestOf(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
): Promise<Request> {
  if (request.method === 'GET' || request.method === 'HEAD') {
    return door.kit.getRequest({ base: origin, request, response })
  }
  if (await tooLarge(request)) return largeRequest(request, origin)
  const body = bodyOf(request)
  if (body === undefined) {
    return door.kit.getRequest({ base: origin, request, response, bodySizeLimit: mostOf(request) })
  }
  const headers = Object.entries(request.headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== 'transfer-encoding',
  )
  return new Request(origin + request.url, {
    method: request.method ?? 'POST',
    headers,
    body: new Uint8Array(body),
  })
}

async function render(door: Door, request: IncomingMessage, response: ServerResponse): Promise<Response> {
  const [origin, client] = [door.whence.origin(request), door.whence.client(request)]
  const made = await requestOf(door, request, response, origin)
  const rendered = await door.kit.server.respond(made, {
    platform: { req: request },
    getClientAddress: () => client,
  })
  const answer = isLargeRequest(made)
    ? new Response(rendered.body, { status: 413, headers: rendered.headers })
    : rendered
  for (const [name, value] of Object.entries(always))
    if (!answer.headers.has(name)) answer.headers.set(name, value)
  if (origin.startsWith('https:')) answer.headers.set('strict-transport-security', 'max-age=31536000')
  return answer
}

/** Renders a page once for everybody who waits for it, and keeps it when it says that it may be kept. */
async function renderForAll(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<KeptPage | Response> {
  const generation = door.cache.generation
  const answer = await render(door, request, response)
  const until = Number(answer.headers.get('x-keep-until') ?? 0)
  if (until <= Date.now() || !door.cache.on) return answer
  answer.headers.delete('x-keep-until')
  const page = await keepable(
    Object.fromEntries(answer.headers),
    Buffer.from(await answer.arrayBuffer()),
    until,
  )
  door.cache.keep(nameOf(request, door), page, generation)
  keptPages.set(door.cache.count)
  return page
}

/** Pages differ by host and scheme only where no address of the site is set. */
function nameOf(request: IncomingMessage, door: Door): string {
  if (door.config.siteUrl !== null) return request.url ?? '/'
  return `${door.whence.origin(request)}${request.url}`
}

/** Sends what lies ready, without waiting for anything; answers whether it did. */
function sendReady(door: Door, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const file = door.files.get(request.url ?? '/')
  if (file) {
    sendKept(request, response, file)
    return true
  }
  if (!door.cache.on || hasSession(request)) return false
  const kept = door.cache.find(nameOf(request, door), Date.now())
  if (!kept) return false
  fromCache.inc()
  sendKept(request, response, kept)
  return true
}

async function answer(
  door: Door,
  underWay: Map<string, Promise<unknown>>,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (!methods.has(request.method ?? '')) {
    response.writeHead(405, {
      ...always,
      allow: 'GET, HEAD, POST',
      'content-type': 'text/plain; charset=utf-8',
    })
    response.end('This address can be read, or sent a form.\n')
    return
  }
  if (await answerCheck(door, request, response)) return
  if (!door.ledger.open()) {
    sayNotYet(request, response)
    return
  }
  if (await answerUpload(door.uploads, request, response)) return
  if (!request.complete) setTimeout(() => request.complete || request.destroy(), longestForm).unref()
  if (request.method !== 'GET' || !door.cache.on || hasSession(request)) {
    await sendFresh(request, response, await render(door, request, response), door.kit.setResponse)
    return
  }
  const name = nameOf(request, door)
  // Whoever asks while the same page is being rendered waits for that one instead of starting another.
  await underWay.get(name)
  if (sendReady(door, request, response)) return
  const rendering = renderForAll(door, request, response)
  const settled = rendering.then(
    () => undefined,
    () => undefined,
  )
  underWay.set(name, settled)
  const made = await rendering.finally(() => underWay.delete(name))
  if (made instanceof Response) await sendFresh(request, response, made, door.kit.setResponse)
  else sendKept(request, response, made)
}

/** How long a form may take to arrive, milliseconds. Pictures on a slow line take longer, and are watched for silence. */
const longestForm = 5 * minute

export type RunningWeb = { server: Server; port: number; stop: () => Promise<void> }

/** Starts the web on a port of one address; throws EADDRINUSE when it is taken. `stop` lets answers under way finish, at most five seconds. */
export async function startWeb(options: { port: number; host: string }): Promise<RunningWeb> {
  const config = { ...readConfig(), port: options.port }
  if (!config.databaseUrl) throw new Error('The web needs DATABASE_URL; `npm start` sets it')
  const kit = await loadKit()
  const cache = new PageCache()
  const stopListening = config.cache ? clearOnWrites(cache, config.databaseUrl) : async () => undefined
  const db = connect(config.databaseUrl, 2)
  const built = join(import.meta.dirname, '../build/elements')
  const files = new Map([
    ...(await readyFiles(built, '/elements/', 300)),
    ...(await readyFiles(join(built, 'drawings'), '/drawings/', 86_400)),
  ])
  const [store, whence] = [openStore(config), whenceBy(config)]
  const { receiving } = await workFolders(config.dataDir)
  const uploads: UploadDoor = { db, to: { store, folder: receiving }, whence }
  const ledger = replayFirst(db)
  await ledger.tried
  const door: Door = { config, db, store, uploads, ledger, kit, cache, files, whence }
  const underWay = new Map<string, Promise<unknown>>()
  const assets = new Set(kit.assets.entries.map(([path]) => path))
  const server = createServer({ requestTimeout: hour }, (request, response) => {
    if (sendReady(door, request, response)) return
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (assets.has(path)) {
      for (const [name, value] of Object.entries(always)) response.setHeader(name, value)
      kit.handler(request, response, () => response.writeHead(404).end())
      return
    }
    const stop = seconds.startTimer()
    response.on('finish', () => {
      stop()
      answers.inc({ status: `${Math.floor(response.statusCode / 100)}xx`, from: 'rendered' })
    })
    answer(door, underWay, request, response).catch((error: unknown) => {
      log.error({ error: safeError(error), method: request.method }, 'a request failed')
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      response.end('Something went wrong on our side. Please go back and try again.\n')
    })
  })
  server.on('clientError', sayCannotRead)
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(options.port, options.host, done)
  })
  const stop = async (): Promise<void> => {
    setTimeout(() => server.closeAllConnections(), 5000).unref()
    await new Promise((done) => server.close(done))
    ledger.stop()
    await stopListening()
    await db.destroy()
  }
  return { server, port: options.port, stop }
}
