import * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import { typedCode } from '#letters/reply.ts'
import { replyPage } from '#letters/server/reads/reply-page.ts'
import { act } from '../act.ts'
import { aboutOffices } from './about.ts'
import { misses } from './misses.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => ({
  about: await aboutOffices(locals.db, locals.language),
})

export const actions: Actions = {
  default: async (event) => {
    const { now, language } = event.locals
    const from = event.getClientAddress()
    return act(
      v.object({ code: typedCode }),
      async (db, _viewer, { code }) => {
        misses.check(from, now)
        const page = await replyPage(db, { code, seal: null }, language)
        if (page) return page
        misses.count(from, now)
        throw new Refusal('invalid', 'reply.gone.words', {}, 'code')
      },
      ({ code }) => `/reply/${code}`,
    )(event)
  },
}
