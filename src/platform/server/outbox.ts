import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { day } from '#kernel/limits.ts'
import type { Config } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'

export type MailLine = {
  id: string
  name: string
  address: string
  state: string
  urgency: string
  due: Date
  sent: Date | null
  problem: string | null
}

/** Answers the newest mails (at most 100) before a moment, without what they say. */
export const listMails = (db: Db, before: Date | null): Promise<MailLine[]> =>
  db
    .selectFrom('mails')
    .select(['id', 'name', 'address', 'state', 'urgency', 'due', 'sent', 'problem'])
    .$if(before !== null, (query) => query.where('created', '<', before ?? new Date(0)))
    .orderBy('created', 'desc')
    .limit(100)
    .execute()

const file = (config: Config, id: string): string => join(config.dataDir, 'outbox', `${id}.eml`)

/** Answers a mail as it lies in the outbox folder (at most 100 kB), or null when it is not there. */
export async function readOutboxMail(config: Config, id: string): Promise<string | null> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return null
  try {
    const opened = await open(file(config, id))
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(100_000), 0, 100_000, 0)
      return buffer.subarray(0, bytesRead).toString('utf8')
    } finally {
      await opened.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Removes outbox files older than 30 days. Answers how many. Idempotent. */
export async function forgetOutbox(config: Config, now: Date): Promise<number> {
  const folder = join(config.dataDir, 'outbox')
  let count = 0
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const path = join(folder, name)
    const { mtime } = await stat(path)
    if (now.getTime() - mtime.getTime() < 30 * day) continue
    await rm(path, { force: true })
    count += 1
  }
  return count
}
