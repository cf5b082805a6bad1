import { redirect } from '@sveltejs/kit'
import * as v from 'valibot'
import { sayDay } from '#kernel/times.ts'
import { authorInput, openedStory } from '#stories/author.ts'
import { myStories } from '#stories/server/reads/mine.ts'
import { dropAuthorPage, keepAuthorPage, openOwnStory } from '#stories/server/writes/author.ts'
import { act } from '../../act.ts'
import { pageAsked } from '../asked.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, language, now } = locals
  if (viewer.account === null) redirect(303, '/sign-in?next=/stories/mine')
  const page = pageAsked(url)
  const { stories, pages, author } = await myStories(db, viewer, { page }, now)
  return {
    stories: stories.map(({ updated, ...story }) => ({
      ...story,
      touched: sayDay(updated.toISOString().slice(0, 10), language, true),
    })),
    page,
    pages,
    author,
    name: viewer.name,
    saved: url.searchParams.has('saved'),
  }
}

export const actions: Actions = {
  open: act(openedStory, openOwnStory, ({ word }) => `/stories/edit/${word}`),
  author: act(authorInput, keepAuthorPage, () => '/stories/mine?saved#page'),
  drop: act(v.object({}), dropAuthorPage, () => '/stories/mine?saved#page'),
}
