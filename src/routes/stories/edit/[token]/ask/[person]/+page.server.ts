import { answeredIn, barrierOf, holderSaid, requirementsOf, turnOf } from '#consent/conversation.ts'
import { monthChoices } from '#kernel/times.ts'
import { couldAnswer } from '#stories/server/reads/answering.ts'
import { personToAsk } from '#stories/server/reads/ask.ts'
import {
  askedAge,
  askedHolder,
  askedPerson,
  askForHelp,
  askPerson,
  helpedPerson,
  tellAge,
} from '#stories/server/writes/ask.ts'
import { renderSVG } from 'uqr'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** What of the address is an answer. */
const kept = ['who', 'age', 'decides', 'by'] as const

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const { story, conversation } = await personToAsk(db, viewer, params, now)
  const answered = answeredIn(url.searchParams)
  const turn = turnOf(conversation, answered)
  const route = turn.step === 'ready' ? turn.route : null
  const said = kept.flatMap((name) => (answered[name] === null ? [] : [{ name, value: answered[name] }]))
  const before = new URLSearchParams(said.slice(0, -1).map(({ name, value }) => [name, value]))
  return {
    token: params.token,
    title: story.title,
    could: await couldAnswer(db, viewer, story),
    signedIn: viewer.account !== null,
    here: `${url.pathname}${url.search}`,
    person: {
      id: conversation.person,
      label: conversation.label,
      ageBand: conversation.ageBand,
      month: conversation.nextChange?.slice(5, 7) ?? '',
      year: conversation.nextChange?.slice(0, 4) ?? '',
      young: conversation.ageBand === 'under-13' || conversation.ageBand === '13-15',
      lacks: conversation.lacks,
    },
    step: turn.step,
    route,
    said,
    back: said.length > 0 ? `${url.pathname}?${before}` : `/stories/edit/${params.token}/pictures`,
    sent: url.searchParams.get('sent'),
    barrier: route && barrierOf(conversation, route),
    needs: route ? requirementsOf(conversation, route) : [],
    refused: conversation.refused,
    holders: conversation.holders.map((one) => ({ label: one.label, answer: holderSaid(one, route) })),
    months: monthChoices(language),
    formKey: crypto.randomUUID(),
  }
}

const withCode = ({ link }: { link: string }, sort: 'ask' | 'help', called = '') => ({
  link,
  sort,
  called,
  code: renderSVG(link, { border: 2 }),
})

export const actions: Actions = {
  age: act(askedAge, tellAge, (_, { url, params }) => {
    const next = new URLSearchParams({ age: 'said' })
    for (const name of kept) {
      const said = url.searchParams.get(name)
      if (name !== 'age' && said !== null) next.set(name, said)
    }
    return `/stories/edit/${params['token']}/ask/${params['person']}?${next}`
  }),
  ask: act(askedPerson, askPerson, (asked) => withCode(asked, 'ask')),
  holder: act(
    askedHolder,
    async (db, viewer, input, now) => ({
      ...(await askPerson(db, viewer, input, now)),
      called: input.holder,
    }),
    (asked) => withCode(asked, 'ask', asked.called),
  ),
  help: act(helpedPerson, askForHelp, (asked) => withCode(asked, 'help')),
}
