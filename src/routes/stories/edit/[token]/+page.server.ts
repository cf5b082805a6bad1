import { countryChoices } from '#kernel/countries.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { editStory, forgetTeller, sendStory, withdrawStory } from '#stories/server/writes/edit.ts'
import { editedStory, storyToken } from '#stories/story.ts'
import { htmlOf } from '#stories/telling.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, now, language, viewer } = locals
  const own = await ownStory(db, viewer, params.token, now)
  if (!own) throw new Refusal('missing', 'refusal.link')
  const kinds = await kindsOf(db, own.week)
  const { activity, ...story } = own
  const until = activity && activity.ends > now ? activity.ends.toISOString().slice(0, 10) : null
  return {
    token: params.token,
    story: { ...story, published: story.published !== null },
    html: htmlOf(own.body),
    activity: activity?.title ?? null,
    waitsFor: until && sayDay(until, language, true),
    saved: url.searchParams.has('saved'),
    kinds: kinds.map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    countries: countryChoices(language),
  }
}

export const actions: Actions = {
  save: act(editedStory, editStory, (_, event) => `/stories/edit/${event.params['token']}?saved`),
  send: act(storyToken, sendStory, (_, event) => `/stories/edit/${event.params['token']}?saved`),
  withdraw: act(storyToken, withdrawStory, (_, event) => `/stories/edit/${event.params['token']}?saved`),
  forget: act(storyToken, forgetTeller, (_, event) => `/stories/edit/${event.params['token']}?saved`),
}
