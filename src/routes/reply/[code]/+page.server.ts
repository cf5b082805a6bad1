import * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { againForm, pressForm, typedCode } from '#letters/reply.ts'
import { sealOf } from '#letters/server/codes.ts'
import { replyPage } from '#letters/server/reads/reply-page.ts'
import { answerLetter, writeAgain } from '#letters/server/writes/answer.ts'
import { act } from '../../act.ts'
import { aboutOffices } from '../about.ts'
import { misses } from '../misses.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

/** What the address in a mail from here has besides the code. */
const sealIn = (url: URL): string | null => url.searchParams.get('seal')?.slice(0, 40) ?? null

const codeIn = (given: string | undefined): string => {
  const code = v.safeParse(typedCode, given)
  return code.success ? code.output : ''
}

/** Stops whoever guesses. Nobody guesses the address in a mail: an office whose neighbours mistyped codes still opens it. */
function stopGuessing({ params, url, locals, getClientAddress }: Asking): void {
  if (sealIn(url) !== sealOf(codeIn(params.code))) misses.check(getClientAddress(), locals.now)
}
type Asking = Pick<RequestEvent, 'params' | 'url' | 'locals' | 'getClientAddress'>

const dones = ['done', 'again'] as const

export const load: PageServerLoad = async (event) => {
  event.setHeaders({ 'referrer-policy': 'same-origin' })
  const { locals, params, url } = event
  const { db, now, language } = locals
  stopGuessing(event)
  const seal = sealIn(url)
  const page = await replyPage(db, { code: codeIn(params.code), seal }, language)
  if (!page) {
    misses.count(event.getClientAddress(), now)
    throw new Refusal('missing', 'reply.gone.words')
  }
  const said = page.said && {
    ...page.said,
    day: page.said.due === null ? '' : sayDay(page.said.due, language, true),
  }
  return {
    page: { ...page, said },
    sealed: withSeal(seal),
    done: dones.find((done) => url.searchParams.has(done)) ?? null,
    about: await aboutOffices(db, language),
  }
}

const withSeal = (seal: string | null): string => (seal === null ? '' : `&seal=${encodeURIComponent(seal)}`)

export const actions: Actions = {
  answer: async (event) => {
    stopGuessing(event)
    const [from, seal] = [event.getClientAddress(), sealIn(event.url)]
    return act(
      pressForm,
      (db, viewer, input, now) => answerLetter(db, viewer, { ...input, from, seal }, now),
      ({ code }) => `/reply/${code}?done${withSeal(seal)}`,
    )(event)
  },
  again: async (event) => {
    stopGuessing(event)
    const [from, seal] = [event.getClientAddress(), sealIn(event.url)]
    return act(
      againForm,
      (db, viewer, input, now) => writeAgain(db, viewer, { ...input, from, seal }, now),
      ({ code }) => `/reply/${code}?again${withSeal(seal)}`,
    )(event)
  },
}
