import * as v from 'valibot'
import { line } from '#kernel/input.ts'
import { sayDay } from '#kernel/times.ts'
import { textIn } from '#kernel/messages.ts'
import { promiseForm, requestForm } from '#letters/reply.ts'
import { lettersDesk, type DeskDelivery } from '#letters/server/reads/desk.ts'
import { leaveAloneRequests, type LeaveAloneRequest } from '#letters/server/reads/leave-alone.ts'
import { dealWithMail } from '#letters/server/writes/kept-mails.ts'
import { decideLeaveAlone } from '#letters/server/writes/leave-alone.ts'
import { settlePromise, writeToAgain } from '#letters/server/writes/promise.ts'
import { sayItWent, sendOnceMore } from '#letters/server/writes/uncertain.ts'
import { act } from '../../act.ts'
import { sayAge } from '../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const desk = await lettersDesk(db, viewer, now)
  const alone = await leaveAloneRequests(db, viewer, now)
  const named = (office: string | null): string => office || text('desk.letters.nowhere')
  const lines = (all: readonly DeskDelivery[]) =>
    all.map(({ id, office, ref, status, changed }) => ({
      id,
      office: named(office),
      ref,
      status: status === null || !/^\d/.test(status) ? '' : text('desk.letters.status', { status }),
      age: sayAge(changed, now, text),
    }))
  const requestLine = ({ id, office, ref, same, way, state, since }: LeaveAloneRequest) => ({
    id,
    office: named(office),
    ref,
    decided: state === 'waiting' ? '' : text(`desk.letters.decided.${state}`),
    how: text(`desk.letters.asked.way.${way ?? 'none'}`),
    ask:
      ref !== null
        ? text('desk.letters.asked.ask')
        : same
          ? text('desk.letters.asked.same', { office: same })
          : text('desk.letters.asked.typed'),
    age: sayAge(since, now, text),
  })
  return {
    saved: url.searchParams.has('saved'),
    mails: desk.mails.map(({ id, office, ref, sort, domain, received }) => ({
      id,
      office: named(office),
      ref,
      what: text(`desk.letters.mail.${sort}`, { domain: domain ?? '?' }),
      machine: sort === 'by-itself',
      age: sayAge(received, now, text),
    })),
    uncertain: lines(desk.uncertain),
    returned: lines(desk.returned),
    promises: desk.promises.map((one) => ({
      ...one,
      office: named(one.office),
      week: String(one.week),
      due: one.due === null ? '' : sayDay(one.due, language, true),
    })),
    requests: alone.waiting.map(requestLine),
    decided: alone.decided.map(requestLine),
    leftAlone: desk.leftAlone.map(({ address, office, since }) => ({
      address,
      office: named(office),
      age: sayAge(since, now, text),
    })),
  }
}

const which = v.pipe(
  v.object({ delivery: v.pipe(v.optional(v.string(), ''), v.uuid('input.choose')) }),
  v.transform(({ delivery }) => ({ delivery, token: null })),
)
const saved = (): string => '/desk/letters?saved'

export const actions: Actions = {
  mail: act(
    v.object({ mail: v.pipe(v.optional(v.string(), ''), v.uuid('input.choose')) }),
    dealWithMail,
    saved,
  ),
  went: act(which, sayItWent, saved),
  again: act(which, sendOnceMore, saved),
  promise: act(promiseForm, settlePromise, () => '/desk/letters?saved#promises'),
  leave: act(requestForm, decideLeaveAlone, () => '/desk/letters?saved#asked'),
  write: act(v.object({ address: line(22) }), writeToAgain, saved),
}
