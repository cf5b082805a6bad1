import { isForUs } from '#letters/delivery.ts'
import { day } from '#kernel/limits.ts'
import { textIn } from '#kernel/messages.ts'
import { dayOf, sayDay } from '#kernel/times.ts'
import { keptDays } from '#letters/letter.ts'
import { sendForm, uncertainForm } from '#letters/send.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { askToSend } from '#letters/server/writes/send.ts'
import { sayItWent, sendOnceMore } from '#letters/server/writes/uncertain.ts'
import { act } from '../../../act.ts'
import { isNeverSent } from '#letters/server/never-sent.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const letter = await letterBy(locals.db, params.token)
  const there = letter !== null && letter.erased === null
  const deliveries = there ? letter.deliveries : []
  return {
    there,
    token: params.token,
    asked: url.searchParams.has('asked'),
    formKey: crypto.randomUUID(),
    offices: deliveries.filter(isForUs).map(({ id, office, email }) => ({
      value: id,
      label: office ?? '',
      hint: isNeverSent(email) ? textIn(locals.language)('letters.card.why.example') : undefined,
    })),
    keptUntil: sayDay(dayOf(new Date(locals.now.getTime() + keptDays * day), 'UTC'), locals.language, true),
    uncertain: deliveries.flatMap(({ id, office, state }) =>
      state === 'uncertain' ? [{ id, office: office ?? '' }] : [],
    ),
    kept: there
      ? { ...letter.kept, lines: letter.kept?.lines.join('\n') ?? '', email: letter.email ?? '' }
      : {},
  }
}

const here = ({ token }: { token: string | null }): string => `/letters/${token}/send`

export const actions: Actions = {
  ask: (event) =>
    act(
      sendForm,
      (db, viewer, input, now) => askToSend(db, viewer, { ...input, from: event.getClientAddress() }, now),
      (asked) => `${here(asked)}?asked`,
    )(event),
  went: act(uncertainForm, sayItWent, here),
  again: act(uncertainForm, sendOnceMore, here),
}
