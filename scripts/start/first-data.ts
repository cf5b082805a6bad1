import { fork } from 'node:child_process'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

const fillFile = join(import.meta.dirname, 'fill.ts')
const fillLimit = 5 * 60_000

/** Whether only this machine sees the site; the example week is never shown on one that the world can see. */
export function isThisMachine(siteUrl: string | null): boolean {
  if (siteUrl === null) return true
  const host = new URL(siteUrl).hostname.replace(/^\[|\]$/g, '')
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

/**
 * Fills what every site needs, and the example week when it is wanted and nobody has used the site yet. Idempotent.
 * The work is done by a process of its own, for the list of the world's towns would stay in our memory.
 */
export async function fillFirstData(db: Db, wanted: { example: boolean }) {
  const example = wanted.example && (await lacks(db, 'activities')) && (await lacks(db, 'accounts'))
  if (!example && !(await lacks(db, 'places'))) return
  const child = fork(fillFile, example ? ['--example'] : [], { timeout: fillLimit })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0)
    throw new Error('The first data could not be filled in; what it said stands above. Start again to go on.')
}

async function lacks(db: Db, table: 'places' | 'activities' | 'accounts'): Promise<boolean> {
  const { rows } = await sql`select from ${sql.table(table)} limit 1`.execute(db)
  return rows.length === 0
}
