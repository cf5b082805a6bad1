import type { RequestEvent } from '@sveltejs/kit'
import { missing } from '#kernel/refusal.ts'
import { sayDays } from '#kernel/times.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { audiencesOf, countWishes, kindsOf, weekByYear } from '#weeks/server/reads.ts'
import { announceWeek, closeWeek, saveWeek } from '#weeks/server/writes/week.ts'
import { announceInput, nameOf, weekInput, weekState, yearInput } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language, now } = locals
  if (!mayChangeWeeks(viewer) || !/^\d{4}$/.test(params.year)) throw missing()
  const year = Number(params.year)
  const week = await weekByYear(db, viewer, year)
  if (!week) throw missing()
  const [kinds, audiences, wishes] = await Promise.all([
    kindsOf(db, year),
    audiencesOf(db, year),
    countWishes(db),
  ])
  const values: Record<string, string> = {
    monday: week.monday,
    name: week.name,
    theme: week.theme ?? '',
    dayThemes: week.dayThemes.join('\n'),
    hashtag: week.hashtag ?? '',
    announcement: week.announcement ?? '',
    policy: week.policy.words ?? '',
  }
  return {
    formKey: crypto.randomUUID(),
    year,
    name: week.name,
    state: week.state,
    days: sayDays(week.monday, week.sunday, language),
    over: weekState({ ...week, state: 'announced' }, now).state === 'over',
    values,
    kinds: kinds.filter((kind) => !kind.retired).map((kind) => nameOf(kind, language)),
    audiences: audiences
      .filter((audience) => !audience.retired)
      .map((audience) => nameOf(audience, language)),
    wishes,
    done: url.searchParams.get('done'),
  }
}

const backWith = (done: string) => (_: unknown, event: RequestEvent) =>
  `/desk/weeks/${event.params.year ?? ''}?done=${done}`

export const actions: Actions = {
  save: act(
    weekInput,
    (db, viewer, input, now) => saveWeek(db, viewer, { ...input, fresh: false }, now),
    backWith('saved'),
  ),
  announce: act(announceInput, announceWeek, backWith('announced')),
  close: act(yearInput, closeWeek, backWith('closed')),
}
