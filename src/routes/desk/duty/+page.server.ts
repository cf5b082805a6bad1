import * as v from 'valibot'
import { calledName, enoughReviewers, repeatWeek, rosterForm } from '#accounts/account.ts'
import { mayPlanDuty } from '#accounts/may.ts'
import { dutyRoster, reviewersOf } from '#accounts/server/reads/people.ts'
import { saveDuty } from '#accounts/server/writes/duty.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, now, language } = locals
  const roster = await dutyRoster(db, viewer, now)
  const people = await reviewersOf(db)
  return {
    today: roster[0]?.day,
    mayPlan: mayPlanDuty(viewer),
    people: people.map((person) => ({ value: person.account, label: calledName(person) })),
    few: people.length < enoughReviewers ? people.length : null,
    days: roster.map(({ day, duty, backup }) => ({
      day,
      said: sayDay(day, language),
      duty: duty[0] ? { account: duty[0].account, name: calledName(duty[0]) } : null,
      backup: backup[0] ? { account: backup[0].account, name: calledName(backup[0]) } : null,
    })),
    saved: url.searchParams.has('saved'),
  }
}

const planned = v.pipe(rosterForm, v.transform(repeatWeek))

export const actions: Actions = { default: act(planned, saveDuty, () => '/desk/duty?saved') }
