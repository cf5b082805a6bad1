import { textIn } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { mayHaveArrived } from '#letters/delivery.ts'
import { refOf } from '#letters/correction.ts'
import { sayState } from '#letters/say-state.ts'
import { quickForm, tellForm, thankForm } from '#letters/reply.ts'
import { repliesTo, type AnsweredDelivery } from '#letters/server/reads/replies.ts'
import { takeBackReply, tellQuickly, tellReply, thankFor } from '#letters/server/writes/tell.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, now, language } = locals
  const of = url.searchParams.get('of')
  const found = await repliesTo(db, params.token, { of, page: Number(url.searchParams.get('page')) || 1 })
  const text = textIn(language)
  const said = (day: string): string => sayDay(day, language, true)
  return {
    own: `/letters/${params.token}`,
    saved: url.searchParams.has('saved'),
    today: now.toISOString().slice(0, 10),
    formKey: crypto.randomUUID(),
    page: found?.page ?? 1,
    pages: found?.pages ?? 1,
    deliveries:
      found?.deliveries.map((one) => ({
        ...one,
        office: one.office ?? text('letters.own.somebody'),
        asks: mayHaveArrived(one.state),
        next: { write: writeTo(one), look: '/letters/who' },
        standing: sayState(one, { text, language, now }),
        replies: one.replies.map((reply) => ({
          ...reply,
          own: reply.via !== 'reply-page',
          received: said(reply.received),
          due: reply.due === null ? '' : said(reply.due),
          thanked: reply.thanked === null ? '' : said(reply.thanked.toISOString().slice(0, 10)),
        })),
      })) ?? null,
  }
}

/** An office that somebody typed has to be typed again. */
const writeTo = (one: AnsweredDelivery): string =>
  one.person === null && one.post === null && one.organisation === null
    ? '/letters/new'
    : `/letters/new?office=${refOf(one)}`

const saved = ({ token }: { token: string }): string => `/letters/${token}/replies?saved`

export const actions: Actions = {
  tell: act(tellForm, tellReply, saved),
  quick: act(quickForm, tellQuickly, saved),
  thank: act(thankForm, thankFor, saved),
  /** Its form again, with what was taken back in it. */
  back: act(thankForm, takeBackReply, (values) => ({
    values,
    errors: {} as Record<string, string>,
    said: null,
    taken: true,
  })),
}
