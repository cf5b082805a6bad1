import { randomUUID } from 'node:crypto'
import repliesJson from './example/replies.json' with { type: 'json' }
import type { WaitReason } from '#comments/reply.ts'
import { ownWord } from '#comments/server/writes/move.ts'
import { instantOf } from '#kernel/times.ts'
import type { Trx } from '#platform/server/db.ts'
import { hashToken, keyedHash } from '#platform/server/tokens.ts'

type SeedReply = {
  story: string
  name: string
  words: string
  sent: string
  website?: string
  waits?: WaitReason
}

/** Adds what readers of the example say to its stories, some of it waiting to be read, and a few who like each. Nobody among them can be written to. */
export async function seedReplies(trx: Trx): Promise<void> {
  const rows = await trx.selectFrom('stories').select(['id', 'slug']).where('example', '=', true).execute()
  const stories = new Map(rows.map(({ id, slug }) => [slug, id]))
  for (const { story: slug, name, words, sent, website, waits } of repliesJson as SeedReply[]) {
    const story = stories.get(slug)
    if (story === undefined) throw new Error(`${slug} is no story of the example`)
    const id = randomUUID()
    const moment = instantOf(sent, 'Europe/London')
    await trx
      .insertInto('replies')
      .values({
        id,
        story,
        name,
        words,
        website: website ?? null,
        state: waits === undefined ? 'shown' : 'waiting',
        waitsFor: waits ?? null,
        token: hashToken(ownWord(id)),
        example: true,
        created: moment,
        changed: moment,
      })
      .execute()
  }
  const likes = rows.flatMap(({ id, slug }) =>
    Array.from({ length: slug.length % 9 }, (_, at) => ({
      story: id,
      who: keyedHash(`like:example:${slug}:${at}`),
    })),
  )
  await trx.insertInto('likes').values(likes).execute()
}
