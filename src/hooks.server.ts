import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { viewerOf } from '#accounts/server/reads/session.ts'
import { nextMoment } from '#consent/server/reads/standing.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { textIn, type MessageKey } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { readConfig } from '#platform/server/config.ts'
import { connect, connectForReading } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { nextAppearance } from '#stories/server/reads/wall.ts'
import { redirectFor } from '#site/server/reads.ts'
import { nameErrors } from '#ui/errors.ts'

const config = readConfig()
if (!config.databaseUrl) throw new Error('The web needs DATABASE_URL; `npm start` sets it')
const db = connect(config.databaseUrl, 6)
const reading = connectForReading(config.databaseUrl, 3)

export const handle: Handle = async ({ event, resolve }) => {
  let until: number | null = null
  const reads = event.request.method === 'GET' || event.request.method === 'HEAD'
  event.locals.db = reads ? reading.pick() : db
  event.locals.now = new Date()
  event.locals.language = 'en'
  event.locals.viewer = await viewerOf(db, event.request.headers)
  event.locals.keep = (moment) => {
    const longest = event.locals.now.getTime() + staleSeconds * 1000
    until = Math.min(until ?? longest, longest, moment?.getTime() ?? longest)
  }
  const response = await resolve(event, {
    transformPageChunk: ({ html }) => {
      // Both stand in the first line; looking through the whole page for them would cost more than rendering a card.
      const head = html.indexOf('<head>')
      if (head < 0) return html
      const start = html.slice(0, head).replace('%lang%', event.locals.language).replace('%dir%', 'ltr')
      // Only a form that was sent comes back with mistakes.
      return start + (reads ? html.slice(head) : nameErrors(html.slice(head)))
    },
  })
  if (response.status === 404 && event.request.method === 'GET') {
    const target = await redirectFor(db, event.url.pathname)
    if (target !== null) return new Response(null, { status: 301, headers: { location: target } })
  }
  const { now, viewer } = event.locals
  const mayKeep = config.cache && until !== null && response.status === 200 && viewer.account === null
  if (mayKeep && until !== null) {
    // Whatever a page shows: no permission in it begins or ends unseen, and no story appears late.
    const moments = await Promise.all([
      nextMoment(event.locals.db, now, new Date(until)),
      nextAppearance(event.locals.db, now),
    ])
    until = Math.min(until, ...moments.flatMap((moment) => moment?.getTime() ?? []))
  }
  if (response.headers.get('content-type') === 'text/html') {
    response.headers.set('content-type', 'text/html; charset=utf-8')
  }
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache')
  if (mayKeep && !response.headers.has('set-cookie')) response.headers.set('x-keep-until', String(until))
  return response
}

/** Codes of a connection that was refused, lost or ended, and of a server that is starting or stopping. */
const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
])
const databaseIsAway = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && away.has(String(error.code))) || error.message.startsWith('Connection terminated'))

/** What an address says that is there, but not for what was sent. */
const saidOf: Record<number, MessageKey> = { 405: 'error.only-read', 415: 'error.not-a-form' }

export const handleError: HandleServerError = ({ kind, error, event }) => {
  const text = textIn(event.locals.language ?? 'en')
  if (error instanceof Refusal) {
    const held = error.key === 'refusal.held'
    return { status: error.status, message: text(error.key, error.params), ...(held && { held }) }
  }
  if (kind === 'framework') return { message: text(saidOf[error.status] ?? 'refusal.missing') }
  if (kind === 'unknown' && databaseIsAway(error)) {
    log.warn({ route: event.route.id }, 'the database was away')
    event.setHeaders({ 'retry-after': '5' })
    return { status: 503, message: text('error.away') }
  }
  log.error({ route: event.route.id, method: event.request.method, error: safeError(error) }, 'a page failed')
  return { message: text('error.bug') }
}
