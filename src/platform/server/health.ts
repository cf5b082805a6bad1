import type { IncomingMessage, ServerResponse } from 'node:http'
import { minute } from '#kernel/limits.ts'
import type { Config } from '#platform/server/config.ts'
import { databaseAnswers, type Db } from '#platform/server/db.ts'
import { registry } from '#platform/server/metrics.ts'
import type { Store } from '#platform/server/storage.ts'

const sent = (response: ServerResponse, status: number, type: string, body: string): true => {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  return true
}

const loopback = /^(127\.|::1$|::ffff:127\.)/

/** What is looked at; `ledger` says whether what was withdrawn is in force here (`open`), and whether nothing is held back because of it (`trusted`). */
type Parts = { db: Db; store: Store; ledger: { open: () => boolean; trusted: () => Promise<boolean> } }

/** Answers whether the database, the store and the worker are there, whether the ledger has been replayed, and whether it can be trusted; the worker counts as there while its last beat is under two minutes old. */
export async function ready({
  db,
  store,
  ledger,
}: Parts): Promise<Record<'database' | 'storage' | 'queue' | 'replayed' | 'ledger', boolean>> {
  const database = await databaseAnswers(db)
  const storage = await store.answers()
  const beat = database
    ? await db.selectFrom('beats').select('at').where('name', '=', 'worker').executeTakeFirst()
    : undefined
  const queue = beat !== undefined && Date.now() - beat.at.getTime() < 2 * minute
  return { database, storage, queue, replayed: ledger.open(), ledger: database && (await ledger.trusted()) }
}

/** Answers /healthz, /readyz and /metrics itself; false for every other address. Metrics are for this machine or whoever has METRICS_TOKEN. */
export async function answerCheck(
  door: Parts & { config: Config },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = (request.url ?? '/').split('?')[0]
  if (path === '/healthz') return sent(response, 200, 'text/plain', 'ok\n')
  if (path === '/readyz') {
    const parts = await ready(door)
    // What is held back is for an organiser to look at; everything else is answered meanwhile.
    const { ledger: _said, ...needed } = parts
    const all = Object.values(needed).every(Boolean)
    return sent(response, all ? 200 : 503, 'application/json', JSON.stringify(parts))
  }
  if (path === '/metrics') {
    const token = door.config.metricsToken
    const here =
      loopback.test(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined
    if (!here && (token === null || request.headers.authorization !== `Bearer ${token}`)) {
      return sent(response, 404, 'text/plain', 'Not found\n')
    }
    return sent(response, 200, registry.contentType, await registry.metrics())
  }
  return false
}
