import { textIn, type MessageKey } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { hasEnded, type DeliveryState } from '#letters/delivery.ts'
import { sayState } from '#letters/say-state.ts'
import { confirmForm, notMeForm } from '#letters/send.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { confirmLetter, refuseLetter } from '#letters/server/writes/confirm.ts'
import { act } from '../../../act.ts'
import { isNeverSent } from '#letters/server/never-sent.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, now, language } = locals
  const letter = await letterToConfirm(db, params.word, now)
  const text = textIn(language)
  return {
    notMe: url.searchParams.has('not-me'),
    hadLeft: url.searchParams.get('not-me') === 'left',
    letter: letter && {
      ...letter,
      until: sayDay(letter.until.toISOString().slice(0, 10), language),
      offices: letter.offices.map(({ pause, ...one }) => ({
        id: one.id,
        office: one.office,
        waits: one.state === 'confirming' && !isExample(one),
        example: isExample(one),
        ended: hasEnded(one.state),
        why: one.why === null ? '' : text(`letters.card.why.${one.why}` as MessageKey),
        when: sayState(one, { text, language, now }),
        pause: pause === null ? '' : text(`letters.confirm.pause.${pause}` as MessageKey),
      })),
    },
  }
}

type Going = { state: DeliveryState; email: string | null; why: string | null }

/** Of an example it is said before the press, and not again as its failure. */
const isExample = ({ state, email, why }: Going): boolean =>
  why === 'example' || (state === 'confirming' && isNeverSent(email))

const here = ({ word }: { word: string }): string => `/letters/confirm/${word}`

export const actions: Actions = {
  send: act(confirmForm, confirmLetter, here),
  notMe: act(notMeForm, refuseLetter, ({ left }) => (left ? '?not-me=left' : '?not-me')),
}
