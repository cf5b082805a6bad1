import { countryChoices } from '#kernel/countries.ts'
import { listGroups } from '#groups/server/reads.ts'
import { tellAndOpen } from '#stories/server/writes/tell.ts'
import { linkWord, newStory } from '#stories/story.ts'
import { currentWeek, kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const sent = ['unverified', 'waiting', 'published'] as const

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, now, language, viewer } = locals
  const week = await currentWeek(db, now)
  const [kinds, groups] = await Promise.all([week ? kindsOf(db, week.year) : [], listGroups(db)])
  return {
    week: week && { name: week.name },
    sent: sent.find((state) => state === url.searchParams.get('sent')) ?? null,
    own: linkWord(url.searchParams.get('own')),
    activity: url.searchParams.get('activity')?.slice(0, 400) ?? '',
    email: viewer.email,
    kinds: kinds
      .filter((kind) => !kind.retired)
      .map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    groups: groups.map((group) => ({ value: group.slug, label: group.name })),
    countries: countryChoices(language),
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: act(newStory, tellAndOpen, ({ state, own }) =>
    own !== null && state === 'draft'
      ? `/stories/edit/${own}?saved`
      : `/stories/new?sent=${state}${own === null ? '' : `&own=${own}`}`,
  ),
}
