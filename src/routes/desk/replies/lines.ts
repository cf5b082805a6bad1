import type { ReviewedReply } from '#comments/server/reads/replies.ts'
import { textIn } from '#kernel/messages.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { sayAge } from '../age.ts'

/** Answers replies as lines of a page of the desk, each with the story it was said to. */
export async function replyLines({ db, now, language }: App.Locals, replies: readonly ReviewedReply[]) {
  const text = textIn(language)
  const stories = await storyTitles(
    db,
    replies.map(({ story }) => story),
  )
  return replies.map(({ story, created, changed, ...reply }) => {
    const since = reply.state === 'waiting' ? created : changed
    return {
      ...reply,
      chosen: `${reply.id}:${reply.revision}`,
      story: { id: story, title: stories.get(story) ?? null },
      age: sayAge(since, now, text),
      old: reply.state === 'waiting' && now.getTime() - created.getTime() > 86_400_000,
    }
  })
}
export type ReplyLine = Awaited<ReturnType<typeof replyLines>>[number]
