import { textIn, type MessageKey, type Text } from '#kernel/messages.ts'
import { day } from '#kernel/limits.ts'
import { dayOf, sayDay } from '#kernel/times.ts'
import {
  hasEnded,
  hasLeft,
  isForUs,
  isUnderWay,
  mailIsBroken,
  mayBePosted,
  mayChoose,
  waitsToLeave,
} from '#letters/delivery.ts'
import { keptDays, mostTicked, whoWrote, type LetterWords } from '#letters/letter.ts'
import { sayState } from '#letters/say-state.ts'
import { officesBy } from '#letters/server/reads/offices.ts'
import { oldPromises } from '#letters/server/reads/promises.ts'
import { lastAnswers } from '#letters/server/reads/replies.ts'
import type { OwnDelivery, OwnLetter } from '#letters/server/reads/own.ts'
import { letterLink, signingWord } from '#letters/server/writes/begin.ts'
import type { Taken } from '#letters/server/writes/words.ts'
import { whyNotOnPaper, type Whole } from '#letters/server/paper/sheets.ts'
import type { DeliveryView, OwnView } from '#letters/view.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { siteSettings } from '#site/server/reads.ts'
import { asksOf } from '#weeks/server/reads.ts'
import { wordsOf } from '#weeks/week.ts'
import { typesetter } from '../typesetter.ts'

/** Answers a letter with its words as it is set: with who runs the site, and who pays. */
export async function wholeOf(
  { db, language, now }: App.Locals,
  letter: OwnLetter,
  words: LetterWords,
): Promise<Whole> {
  const { name, organiser } = await siteSettings(db)
  const text = textIn(language)
  const named = organiser === '' ? 'no' : 'yes'
  const who = text('letters.who-runs', { site: name, organiser, named, ...whoWrote(letter) })
  return { letter, words, who, language, now }
}

type Ended = Pick<OwnDelivery, 'state' | 'why'>

function sayWhy({ state, why }: Ended, text: Text): string {
  if (state === 'bounced') return mailIsBroken({ state, why }) ? '' : text('letters.card.why.server')
  return why === null ? '' : text(`letters.card.why.${why}` as MessageKey)
}

async function deliveriesOf({ db, language, now }: App.Locals, letter: OwnLetter): Promise<DeliveryView[]> {
  const text = textIn(language)
  const waiting = letter.deliveries.filter(({ state }) => state === 'no-address' || hasEnded(state))
  const known = await officesBy(db, [...new Set(waiting.flatMap(({ ref }) => ref ?? []))], now)
  const [answers, promises] = await Promise.all([lastAnswers(db, letter.id), oldPromises(db, letter.id)])
  const answerTo = (id: string): string => {
    const last = answers.find(({ delivery }) => delivery === id)
    if (!last) return ''
    const kind = text(`letters.replies.kind.${last.kind}`)
    const day = sayDay(last.received, language)
    return text('letters.card.answered', { kind, day, via: last.via?.replace('-', '_') ?? 'told' })
  }
  return letter.deliveries.map(({ why, ...one }) => ({
    ...one,
    office: one.office ?? text('letters.own.somebody'),
    answered: answerTo(one.id),
    promised: promises
      .filter(({ delivery }) => delivery === one.id)
      .map(({ words, week }) => text('letters.card.promised', { week: String(week), words })),
    standing: sayState(one, { text, language, now }),
    why: sayWhy({ ...one, why }, text),
    open: mayChoose(one.state) && why !== 'asked',
    fromHere: isForUs({ ...one, why }),
    waits: waitsToLeave(one.state),
    mayCorrect: one.ref === null && mayBePosted(one.state),
    left: hasLeft(one.state),
    ended: hasEnded(one.state),
    late: one.late !== null,
    mailBroken: mailIsBroken({ ...one, why }),
    found: known.some(
      ({ ref, email, address }) =>
        ref === one.ref &&
        ((email !== null && email !== one.email) || (address !== null && one.address === null)),
    ),
  }))
}

/** Of many deliveries a page shows some; what is done with all of them at once counts all. */
function pageOf(all: readonly DeliveryView[], page: number): Pick<OwnView, 'deliveries' | 'run'> {
  if (all.length <= mostTicked) return { deliveries: [...all], run: null }
  const pages = Math.ceil(all.length / mostTicked)
  const at = Math.min(pages, Math.max(1, Math.floor(page) || 1))
  return {
    deliveries: all.slice((at - 1) * mostTicked, at * mostTicked),
    run: {
      count: all.length,
      toPost: all.filter((one) => one.open && !one.ended && one.address !== null).length,
      waiting: all.filter((one) => one.state === 'no-address').length,
      left: all.filter((one) => one.left).length,
      found: all.filter((one) => one.state === 'no-address' && one.found).length,
      page: at,
      pages,
    },
  }
}

/** Answers what a letter's own page shows: with the words that are kept here, or those that the forms of the page carry. */
export async function ownView(
  locals: App.Locals,
  {
    token,
    letter,
    words,
    taken = null,
    page = 1,
  }: {
    token: string
    letter: OwnLetter
    words: LetterWords | null
    taken?: Taken | null
    page?: number | null
  },
): Promise<OwnView> {
  const { db, language, now } = locals
  const text = textIn(language)
  const shown = words ?? letter.kept
  const [asks, deliveries, why] = await Promise.all([
    asksOf(db, letter.week),
    deliveriesOf(locals, letter),
    shown && wholeOf(locals, letter, shown).then((whole) => whyNotOnPaper(typesetter, whole)),
  ])
  const ask = asks.find((one) => one.code === letter.ask)
  const joint = letter.writer === 'joint' && letter.kept !== null
  return {
    token,
    link: letterLink(letter.id),
    title: shown?.title ?? text('letters.own.title'),
    ask: ask ? wordsOf(ask.words, language) : null,
    language: letter.language,
    envelope: letter.envelope,
    largePrint: letter.largePrint,
    email: letter.email ?? '',
    words: shown,
    kept: letter.kept !== null,
    underWay: letter.kept !== null && letter.deliveries.some(({ state }) => isUnderWay(state)),
    revision: letter.revision,
    unprintable: why ? text(why.key, why.params) : null,
    erase: letter.erase ? sayDay(dayOf(letter.erase, 'UTC'), language, true) : '',
    keptUntil: sayDay(dayOf(new Date(now.getTime() + keptDays * day), 'UTC'), language, true),
    erased: letter.erased !== null,
    joint: joint
      ? {
          link: `${siteAddress(readConfig())}/letters/sign/${signingWord(letter.id)}`,
          open: letter.released === null,
          signatures: letter.signatures,
          unsure: letter.unsure,
        }
      : null,
    ...pageOf(deliveries, page ?? 1),
    taken,
  }
}
