import { endPauseInput, pauseInput } from '#letters/correction.ts'
import { pausesPage } from '#letters/server/reads/directory.ts'
import { addPause, endPause } from '#letters/server/writes/pauses.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, now, language } = locals
  const words = (url.searchParams.get('q') ?? '').slice(0, 100)
  const { pauses, bodies } = await pausesPage(db, viewer, words, now)
  return {
    words,
    bodies: bodies.map(({ id, name }) => ({ value: id, label: name })),
    pauses: pauses.map((one) => ({
      ...one,
      from: sayDay(one.fromDay, language, true),
      to: sayDay(one.toDay, language, true),
    })),
  }
}

export const actions: Actions = {
  add: act(pauseInput, addPause, ({ done }) => ({ done })),
  end: act(endPauseInput, endPause, ({ done }) => ({ done })),
}
