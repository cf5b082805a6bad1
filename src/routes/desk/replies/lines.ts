import type { ReviewedReply } from '#comments/server/reads/replies.ts'
import { textIn } from '#kernel/messages.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { sayAge } from '../age.ts'

/** Answers replies as lines of a page of the desk, each with the story it was said to; those to a story that is not there any more, or set aside with the example, are left out. */
export async function replyLines({ db, now, language }: App.Locals, replies: readonly ReviewedReply[]) {
  const text = textIn(language)
  const stories = await storyTitles(
    db,
    replies.map(({ story }) => story),
  )
  return replies.flatMap(({ story, created, changed, ...reply }) => {
    const title = stories.get(story)
    if (title === undefined) return []
    const since = reply.state === 'waiting' ? created : changed
    const line = {
      ...reply,
      chosen: `${reply.id}:${reply.revision}`,
      story: { id: story, title },
      age: sayAge(since, now, text),
      old: reply.state === 'waiting' && now.getTime() - created.getTime() > 86_400_000,
    }
    return [line]
  })
}
export type ReplyLine = Awaited<ReturnType<typeof replyLines>>[number]
