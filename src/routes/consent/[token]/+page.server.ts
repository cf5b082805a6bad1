import {
  after,
  askedForm,
  currentOf,
  saidOn,
  screenOf,
  sentencesOf,
  stepsOf,
  voiceOf,
  type About,
} from '#consent/asking.ts'
import { stillNeeded } from '#consent/conversation.ts'
import {
  decideInput,
  narrowInput,
  notReachedBeyond,
  remindInput,
  seenWords,
  signInput,
  withdrawInput,
} from '#consent/permission.ts'
import { hashOfForm } from '#consent/server/forms.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { standsFor } from '#consent/server/reads/person-stands.ts'
import { keptForm, personPage } from '#consent/server/reads/person.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { remindMe } from '#consent/server/writes/reminding.ts'
import { keepWithinOurs } from '#consent/server/writes/narrowing.ts'
import { noteSign } from '#consent/server/writes/signs.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import type { PersonPage } from '#consent/standing.ts'
import { isNo } from '#consent/why.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import type { Route } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { shownNow } from '#stories/server/reads/shown.ts'
import { act } from '../../act.ts'
import { gone, keepReceipt, receiptIn } from './gone.ts'
import { shownOn } from './shown.ts'
import type { Actions, PageServerLoad } from './$types'

/** What the address of a page says when it may go where nobody can take it back from. */
const beyondOurControl = '6'

/** What is asked on a page, and of whom. `further`: it may go beyond the place where it is to be shown as well. */
function askedOn(page: PersonPage, language: string, further: boolean) {
  const asked = currentOf(page.asked)
  const voice = voiceOf(page.part, asked?.route)
  const placed = page.placements[0]?.circle ?? 0
  const widest = asked?.widest ?? placed
  const circle = widest > placed ? placed : widest
  const until = asked ? sayDay(asked.ends.toISOString().slice(0, 10), language, true) : ''
  const beyond =
    widest > circle && voice !== 'with' ? (further ? ('wanted' as const) : ('asked' as const)) : null
  const shown = page.placements.some((one) => one.shown)
  const about: About = { voice, circle, beyond, label: page.label, until, shown }
  const said = saidOn(page, asked)
  return { asked, about, said, reach: said === 'yes' ? (asked?.allowed ?? circle) : circle }
}

/** What is still to be done before the yes of somebody with a paper counts. */
async function neededFor({ db, now }: App.Locals, page: PersonPage, route: Route | undefined) {
  const conversation = route === 'attorney' ? await conversationOf(db, page, now) : null
  return conversation ? stillNeeded(conversation) : []
}

/** Whether anybody can see what a page is about at this moment; whether somebody's no keeps it from that. */
async function seenOn({ db, now }: App.Locals, { surface, person, placements }: PersonPage) {
  const [stories, standing] = await Promise.all([shownNow(db, [surface], now), standingOf(db, surface, now)])
  return {
    shown: stories.has(surface) && placements.some((one) => one.shown),
    no: standsFor(standing, person).missing.some(isNo),
  }
}

/** Since when something goes nowhere beyond our control any more, and what nobody can take back from there. */
const narrowedOn = (asked: PersonPage['asked'][number] | undefined) =>
  asked?.narrowed
    ? { gone: asked.narrowed.toISOString(), within: staleSeconds, unreachable: notReachedBeyond }
    : null

export const load: PageServerLoad = async ({ locals, params, url, cookies }) => {
  const { db, now, language } = locals
  const page = await personPage(db, params.token, now)
  const receipt = receiptIn(cookies)
  if (!page) {
    if (receipt === null) throw gone()
    return { token: params.token, receipt, page: null }
  }
  const text = textIn(language)
  const further = url.searchParams.get('circle') === beyondOurControl
  const { asked, about, said, reach } = askedOn(page, language, further)
  const seen = seenWords.find((word) => word === url.searchParams.get('seen')) ?? null
  // Nothing is asked of anybody about somebody who has died.
  const wish = page.died ? 'done' : screenOf(url.searchParams.get('screen'), about.voice, said)
  const unsaid = wish === 'ask' && seen === null && url.searchParams.has('sent')
  const screen = unsaid ? 'shows' : wish
  const copy =
    screen === 'copy' && asked
      ? await keptForm(db, { token: params.token, permission: asked.permission }, now)
      : null
  const steps = stepsOf(about.voice)
  const wanted = said === 'no' ? [] : page.placements.map(({ version }) => version)
  return {
    token: params.token,
    receipt: null,
    page: {
      screen,
      rests: page.died === 'rests',
      next: after(screen, about.voice),
      before: steps[steps.indexOf(screen) - 1] ?? null,
      at: steps.indexOf(screen) + 1,
      of: steps.length,
      voice: about.voice,
      label: page.label,
      circle: reach,
      beyond: said === 'yes' ? null : about.beyond,
      until: about.until,
      ended: asked !== undefined && asked.ends <= now,
      said,
      permission: asked?.permission ?? null,
      formHash: hashOfForm(askedForm(about, language)),
      words: sentencesOf(said === 'yes' ? { ...about, circle: reach } : about, text),
      seen,
      unsaid,
      ...(await seenOn(locals, page)),
      needed: screen === 'done' ? await neededFor(locals, page, asked?.route) : [],
      narrowed: narrowedOn(asked),
      signed: url.searchParams.get('signed'),
      reminded: url.searchParams.has('reminded'),
      organisation: page.organisation,
      copy: copy && { language: copy.language, words: copy.words.map(({ words }) => words) },
      article:
        page.died === 'rests'
          ? null
          : await shownOn(locals, { surface: page.surface, person: page.person, wanted }),
      formKey: crypto.randomUUID(),
    },
  }
}

type At = { params: Partial<Record<string, string>> }
const to = ({ params }: At, screen: string): string => `/consent/${params['token']}?screen=${screen}`

/** Answers a question with the very form that was in front of whoever answers. */
const answer =
  (language: Language): Parameters<typeof act<typeof decideInput, unknown, string>>[1] =>
  async (db, viewer, input, now) => {
    const page = await personPage(db, input.token, now)
    if (!page) throw missing()
    const { about } = askedOn(page, language, input.circle === 6)
    return decide(db, viewer, { ...input, form: askedForm(about, language) }, now)
  }

export const actions: Actions = {
  decide: (event) => act(decideInput, answer(event.locals.language), (_, here) => to(here, 'done'))(event),
  withdraw: act(withdrawInput, withdraw, (receipt, event) => {
    keepReceipt(event, receipt)
    return to(event, 'gone')
  }),
  narrow: act(narrowInput, keepWithinOurs, (_, here) => to(here, 'done')),
  sign: act(
    signInput,
    async (db, viewer, input, now) => {
      await noteSign(db, viewer, input, now)
      return input.sign
    },
    (sign, event) => `${to(event, 'done')}&signed=${sign}`,
  ),
  remind: act(remindInput, remindMe, (_, event) => `${to(event, 'done')}&reminded`),
}
