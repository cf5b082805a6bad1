import { fetchPage, type OutsideLimits } from '#platform/server/outside.ts'
import { Refusal } from '#kernel/refusal.ts'
import { minute } from '#kernel/limits.ts'
import { inTransaction } from '#platform/server/db.ts'
import { addJob, idIn, type Task } from '#platform/server/queue.ts'
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
/** After how many minutes a place that did not answer is asked again; then what stands there is left to whoever tells. */
const again = [10, 60, 6 * 60, 24 * 60] as const

/** Whether a site may answer another time: it was away, late, or too busy. */
function mayAnswerLater({ key, params }: Refusal): boolean {
  const status = Number(params['status'] ?? 0)
  return (
    key === 'outside.late' || (key === 'outside.failed' && (status === 0 || status === 429 || status >= 500))
  )
}

/** Whether a site lets us read an address. Without rules it does; when it cannot say, nobody knows yet. */
async function letsUsRead(url: URL, outside: OutsideLimits): Promise<boolean> {
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
    if (!(error instanceof Refusal) || mayAnswerLater(error)) throw error
    return Number(error.params['status'] ?? 0) >= 400
  }
}

/** Answers what a page elsewhere says of itself; "refused" when its site, or one that it leads to, does not let us, or it is no page; "waiting" when it may answer another time. Loads no picture. */
export async function readPost(address: string, outside: OutsideLimits): Promise<LinkRead> {
  try {
    const { bytes, type } = await fetchPage(address, { ...outside, may: (url) => letsUsRead(url, outside) })
    const words = wordsOfPage(textOfPage(bytes, type))
    return words.title === '' ? refused : { state: 'read', ...words }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return mayAnswerLater(error) ? { ...refused, state: 'waiting' } : refused
  }
}

/** Makes the task that reads what stands where a story leads to, and keeps its words; names in them count like names in the story. A place that does not answer is asked again four times within two days, and then counts as one that refuses. Of an address that was changed meanwhile nothing is kept. Runs twice. */
export const readLinkedPost =
  (over: Partial<OutsideLimits> = {}): Task =>
  async (db, payload, now) => {
    const story = idIn(payload, 'story')
    const row = await db
      .selectFrom('linkedPosts')
      .select(['address', 'tries'])
      .where('story', '=', story)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    if (!row) return
    const found = await readPost(row.address, { ...limits, ...over })
    const minutes = found.state === 'waiting' ? again[row.tries] : undefined
    const read = found.state === 'waiting' && minutes === undefined ? refused : found
    await inTransaction(db, async (trx) => {
      const kept = await trx
        .updateTable('linkedPosts')
        .set({ ...read, tries: row.tries + 1, changed: now })
        .where('story', '=', story)
        .where('address', '=', row.address)
        .where('state', '=', 'waiting')
        .where('tries', '=', row.tries)
        .returning('story')
        .executeTakeFirst()
      if (!kept || minutes === undefined) return
      const runAt = new Date(now.getTime() + minutes * minute)
      await addJob(trx, 'link.given', { story }, { key: `link ${story}`, runAt })
    })
    await noticeNamesOf(db, anybody, { story }, now)
  }
