import { missing } from '#kernel/refusal.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { replyToStory } from '#stories/server/writes/respond.ts'
import { storyReply } from '#stories/respond.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, now, viewer } = locals
  const story = await storyBySlug(db, params.slug, now)
  if (!story) throw missing()
  return {
    slug: story.slug,
    title: story.title,
    name: viewer.name ?? '',
    account: viewer.account !== null,
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: (event) =>
    act(
      storyReply,
      (db, viewer, input, now) => {
        const { language } = event.locals
        return replyToStory(db, viewer, { ...input, language, client: event.getClientAddress() }, now)
      },
      ({ token }) => `/replies/${token}?sent`,
    )(event),
}
