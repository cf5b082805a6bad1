import { textIn, type MessageKey } from '#kernel/messages.ts'
import { localOf, sayDay, sayTime } from '#kernel/times.ts'
import { confirmForm, notMeForm } from '#letters/send.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { confirmLetter, refuseLetter } from '#letters/server/writes/confirm.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, now, language } = locals
  const letter = await letterToConfirm(db, params.word, now)
  const said = (moment: Date, zone: string): string => {
    const local = localOf(moment, zone)
    return `${sayDay(local.slice(0, 10), language)}, ${sayTime(local)}`
  }
  const text = textIn(language)
  return {
    notMe: url.searchParams.has('not-me'),
    letter: letter && {
      ...letter,
      until: sayDay(letter.until.toISOString().slice(0, 10), language),
      offices: letter.offices.map(({ id, office, state, due, zone, pause }) => ({
        id,
        office,
        when:
          state === 'queued' || state === 'confirming'
            ? text('letters.confirm.due', { when: said(due, zone) })
            : '',
        pause: pause === null ? '' : text(`letters.confirm.pause.${pause}` as MessageKey),
      })),
    },
  }
}

const here = ({ word }: { word: string }): string => `/letters/confirm/${word}`

export const actions: Actions = {
  send: act(confirmForm, confirmLetter, here),
  notMe: act(notMeForm, refuseLetter, (done) => `${here(done)}?not-me`),
}
