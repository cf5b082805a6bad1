import * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { pressForm, typedCode } from '#letters/reply.ts'
import { replyPage } from '#letters/server/reads/reply-page.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { act } from '../../act.ts'
import { aboutOffices } from '../about.ts'
import { misses } from '../misses.ts'
import type { Actions, PageServerLoad } from './$types'

/** What the address in a mail from here has besides the code. */
const sealIn = (url: URL): string | null => url.searchParams.get('seal')?.slice(0, 40) ?? null

export const load: PageServerLoad = async ({ locals, params, url, setHeaders, getClientAddress }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, now, language } = locals
  const from = getClientAddress()
  misses.check(from, now)
  const code = v.safeParse(typedCode, params.code)
  const page = code.success ? await replyPage(db, { code: code.output, seal: sealIn(url) }, language) : null
  if (!page) {
    misses.count(from, now)
    throw new Refusal('missing', 'reply.gone.words')
  }
  const said = page.said && {
    ...page.said,
    day: page.said.due === null ? '' : sayDay(page.said.due, language, true),
  }
  return {
    page: { ...page, said },
    done: url.searchParams.has('done'),
    about: await aboutOffices(db, language),
  }
}

export const actions: Actions = {
  default: async (event) => {
    const from = event.getClientAddress()
    misses.check(from, event.locals.now)
    const seal = sealIn(event.url)
    return act(
      pressForm,
      (db, viewer, input, now) => answerLetter(db, viewer, { ...input, from, seal }, now),
      ({ code }) => `/reply/${code}?done${seal === null ? '' : `&seal=${encodeURIComponent(seal)}`}`,
    )(event)
  },
}
