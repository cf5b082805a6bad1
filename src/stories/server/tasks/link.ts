import { fetchPage, type OutsideLimits } from '#platform/server/outside.ts'
import { Refusal } from '#kernel/refusal.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { anybody } from '#kernel/viewer.ts'
import type { LinkRead } from '#stories/linked-post.ts'
import { textOfPage, wordsOfPage } from '#stories/page-words.ts'
import { mayRead } from '#stories/robots.ts'
import { noticeNamesOf } from '#stories/server/writes/follow.ts'

const kilobyte = 1024
/** How a page elsewhere is read: its beginning is enough, for what it says of itself stands there. */
const limits: OutsideLimits = {
  most: 512 * kilobyte,
  longest: 10_000,
  redirects: 3,
  ports: [80, 443],
  types: ['text/html', 'application/xhtml+xml'],
  beginning: true,
  accept: 'text/html, application/xhtml+xml',
}
/** By what name we are known to other sites. */
const reader = 'a-bit-extra'

const refused: LinkRead = { state: 'refused', site: '', title: '', words: '' }

/** Whether a site lets us read an address. Without rules it does; when it cannot say, it does not. */
async function letsUsRead(address: string, outside: OutsideLimits): Promise<boolean> {
  const url = new URL(address)
  const { types: _, ...rest } = outside
  try {
    const { bytes } = await fetchPage(new URL('/robots.txt', url).href, {
      ...rest,
      accept: 'text/plain',
      most: 100 * kilobyte,
      longest: Math.min(5000, outside.longest),
    })
    return mayRead(bytes.toString('utf8'), reader, url.pathname + url.search)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const status = Number(error.params['status'] ?? 0)
    return status >= 400 && status < 500
  }
}

/** Answers what a page elsewhere says of itself; "refused" when its site does not let us, it is no page, or it cannot be reached. Loads no picture. */
export async function readPost(address: string, outside: OutsideLimits): Promise<LinkRead> {
  try {
    if (!(await letsUsRead(address, outside))) return refused
    const { bytes, type } = await fetchPage(address, outside)
    const words = wordsOfPage(textOfPage(bytes, type))
    return words.title === '' ? refused : { state: 'read', ...words }
  } catch (error) {
    if (error instanceof Refusal) return refused
    throw error
  }
}

/** Makes the task that reads what stands where a story leads to, and keeps its words; names in them count like names in the story. Of an address that was changed meanwhile nothing is kept. Runs twice. */
export const readLinkedPost =
  (over: Partial<OutsideLimits> = {}): Task =>
  async (db, payload, now) => {
    const story = idIn(payload, 'story')
    const row = await db
      .selectFrom('linkedPosts')
      .select('address')
      .where('story', '=', story)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    if (!row) return
    const read = await readPost(row.address, { ...limits, ...over })
    await db
      .updateTable('linkedPosts')
      .set({ ...read, changed: now })
      .where('story', '=', story)
      .where('address', '=', row.address)
      .where('state', '=', 'waiting')
      .execute()
    await noticeNamesOf(db, anybody, { story }, now)
  }
