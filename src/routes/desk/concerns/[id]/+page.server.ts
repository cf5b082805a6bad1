import { reviewersOf } from '#accounts/server/reads/people.ts'
import { closeForm, openersForm, openForm, restoreForm } from '#desk/concern.ts'
import { concernById } from '#desk/server/reads.ts'
import { closeConcern, nameOpeners, openConcern, restoreSubject, tellGuestsOf } from '#desk/server/writes.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDays } from '#kernel/times.ts'
import { asPicture } from '#stories/picture.ts'
import { act } from '../../../act.ts'
import { sayFacts } from '../../activities/facts.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const { hold, ...concern } = await concernById(db, viewer, params.id, now)
  const until = hold?.until.toISOString().slice(0, 10)
  const names = hold?.mayName || (concern.sealed && !hold) ? await reviewersOf(db) : []
  return {
    ...concern,
    hold: hold && until ? { ...hold, until: sayDays(until, until, language) } : null,
    reviewers: names.map(({ account, name, email }) => ({ value: account, label: name || email })),
    age: sayAge(concern.created, now, textIn(language)),
    back: url.searchParams.has('back'),
    told: url.searchParams.has('told'),
  }
}

const here = (_: unknown, event: { params: Partial<Record<string, string>> }): string =>
  `/desk/concerns/${event.params['id'] ?? ''}`

export const actions: Actions = {
  open: act(openForm, openConcern, (concern, event) => {
    const { words, email, subject, about, pictures, activity } = concern
    return {
      opened: {
        words,
        email,
        subject,
        about,
        pictures: pictures.flatMap((one) => asPicture(one) ?? []),
        facts: activity && sayFacts(activity, event.locals.language),
      },
    }
  }),
  openers: act(openersForm, nameOpeners, here),
  tell: act(openForm, tellGuestsOf, (_, event) => `${here(_, event)}?told`),
  close: act(closeForm, closeConcern, here),
  restore: act(restoreForm, restoreSubject, (_, event) => `${here(_, event)}?back`),
}
