import type { Conversation } from '#consent/conversation.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { heldStory, type Held } from '#stories/server/reads/own-pictures.ts'

/** Answers one person of a story as whoever holds its link can ask them. */
export async function personToAsk(
  db: Db,
  viewer: Viewer,
  input: { token: string; person: string },
  now: Date,
): Promise<{ story: Held; conversation: Conversation }> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(input.person)) throw missing()
  const story = await heldStory(db, viewer, input.token, now)
  const conversation = await conversationOf(db, { surface: story.id, person: input.person }, now)
  if (!conversation) throw missing()
  return { story, conversation }
}
