import { putAwayAgain } from '#activities/server/writes/following.ts'
import { takeDownActivity } from '#activities/server/writes/review.ts'
import { hideReply, hideReplyAgain } from '#comments/server/writes/review.ts'
import { isHeld } from '#consent/server/reads/holds.ts'
import type { Gone } from '#consent/server/replay.ts'
import { openSurface } from '#consent/server/writes/taking-down.ts'
import type { Door, Thing } from '#desk/concern.ts'
import { textIn } from '#kernel/messages.ts'
import { theSite } from '#kernel/viewer.ts'
import type { Trx } from '#platform/server/db.ts'
import { takeOffAgain } from '#stories/server/writes/following.ts'
import { hideStory } from '#stories/server/writes/review.ts'

/** Takes from the rooms, in the transaction of a replay, what was put away or kept for somebody's safety since the backup: it is hidden as it was, whoever took it down cannot be the second person for it, nobody is mailed, and where a concern was lost another stands in its place. Runs twice. */
export async function followLedger(trx: Trx, gone: readonly Gone[], now: Date): Promise<void> {
  // First what is held: taking it down was a part of that, and is no concern of its own.
  for (const entry of gone) if (entry.kind === 'hold') await holdAgain(trx, entry.surface, now)
  for (const entry of gone) {
    if (entry.kind !== 'put-away') continue
    const { surface: id, how, by } = entry
    const again = await putAwayAgain(trx, entry, now)
    // Somebody asked for it without a name: what they said is lost, and a second person still has to look.
    if (again && how === 'taken-down' && by === 'site')
      await concernAgain(trx, { door: 'take-down', room: 'activities', id }, now)
    const unsaid = await hideReplyAgain(trx, entry, now)
    if (unsaid && how === 'taken-down' && by === 'site')
      await concernAgain(trx, { door: 'take-down', room: 'replies', id }, now)
    if (how === 'taken-away') await takeOffAgain(trx, id, now)
  }
}

async function holdAgain(trx: Trx, id: string, now: Date): Promise<void> {
  if (!(await isHeld(trx, id, now))) return
  const input = { id, reason: null, hold: true }
  const there = async (room: Thing['room']): Promise<boolean> =>
    (await trx
      .selectFrom(room)
      .select('id')
      .where('id', '=', id)
      .where('held', 'is', null)
      .$if(room !== 'replies', (query) => query.where('setAside', 'is', null))
      .executeTakeFirst()) !== undefined
  const rooms = { activities: takeDownActivity, stories: hideStory, replies: hideReply }
  for (const room of ['activities', 'stories', 'replies'] as const) {
    if (!(await there(room))) continue
    await rooms[room](trx, theSite, input, now)
    await concernAgain(trx, { door: 'worried', room, id }, now)
  }
  await openSurface(trx, id, false)
}

/** Keeps a concern in the place of one that the restore lost, so that what it hid is looked at and can be released; one that is open already is enough. */
async function concernAgain(trx: Trx, about: Thing & { door: Door }, now: Date): Promise<void> {
  const subject = `${about.room}:${about.id}`
  const open = await trx
    .selectFrom('concerns')
    .select('id')
    .where('subject', '=', subject)
    .where('door', '=', about.door)
    .where('state', '=', 'open')
    .executeTakeFirst()
  if (open) return
  const words = textIn('en')('desk.concern-lost')
  await trx
    .insertInto('concerns')
    .values({ door: about.door, subject, words, hid: true, created: now })
    .execute()
}
