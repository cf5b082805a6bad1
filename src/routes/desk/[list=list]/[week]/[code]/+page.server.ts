import { textIn } from '#kernel/messages.ts'
import { retireInput } from '#weeks/lists.ts'
import { entryHistory } from '#weeks/server/reads.ts'
import { retireEntry } from '#weeks/server/writes/lists.ts'
import { act } from '../../../../act.ts'
import { sayAge } from '../../../age.ts'
import { entryOf, formOf, forms } from '../../entries.ts'
import type { Actions, PageServerLoad } from './$types'

const dones = ['added', 'saved', 'retired', 'offered'] as const

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language, now } = locals
  const { list, code } = params
  const form = await formOf(locals, params.week)
  const of = { list, week: form.week.year, code }
  const [entry, history] = await Promise.all([
    entryOf(locals, list, form.week.year, code),
    entryHistory(db, viewer, of),
  ])
  const text = textIn(language)
  return {
    ...form,
    list,
    entry,
    done: dones.find((done) => url.searchParams.has(done)) ?? null,
    steps: history.map(({ at, who, difference }) => ({
      age: sayAge(at, now, text),
      who,
      byLink: false,
      from: null,
      to: null,
      reason: null,
      read: true,
      diff: Object.entries(difference).map(([field, [before, after]]) => ({ field, before, after })),
    })),
  }
}

export const actions: Actions = {
  save: (event) => forms[event.params.list](event.locals.language).change(event),
  retire: (event) =>
    act(
      retireInput,
      async (db, viewer, input, now) => {
        await retireEntry(db, viewer, { ...input, list: event.params.list }, now)
        return input.retired === 'yes' ? 'retired' : 'offered'
      },
      (done) => `/desk/${event.params.list}/${event.params.week}/${event.params.code}?${done}`,
    )(event),
}
