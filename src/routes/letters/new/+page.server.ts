import { fail } from '@sveltejs/kit'
import { languageCodes } from '#activities/edit.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDay, sayLanguage } from '#kernel/times.ts'
import { letterForm, mostTicked, officeRef } from '#letters/letter.ts'
import { chosenBy, type Chosen } from '#letters/server/reads/choice.ts'
import { leftAloneAmong } from '#letters/server/reads/do-not-write.ts'
import { mostFound, searchOffices } from '#letters/server/reads/search-offices.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import { asksOf, currentWeek } from '#weeks/server/reads.ts'
import { nameOf, wordsOf } from '#weeks/week.ts'
import { act, readBody, readForm, type FormState } from '../../act.ts'
import { beginFrom, lookAt } from './begun.ts'
import type { Actions, PageServerLoad } from './$types'

/** Says an office as a choice of the form, with how long nobody answers there. */
const choiceOf = ({ ref, label, pausedUntil }: Office, { language }: App.Locals) => ({
  ref,
  label,
  hint:
    pausedUntil === null
      ? undefined
      : textIn(language)('letters.form.paused', { day: sayDay(pausedUntil, language) }),
})

/** Says a choice that is too long for a form. */
const runOf = (word: string, { offices, leftAlone, gone }: Chosen, { language }: App.Locals) => ({
  word,
  first: offices.slice(0, 3).map(({ label }) => label),
  sum: {
    count: offices.length,
    bare: offices.filter((one) => one.address === null).length,
    alone: leftAlone.length,
    gone,
  },
  paused: offices.filter((one) => one.pausedUntil !== null).length,
  until: lastPause(offices, language),
})

function lastPause(offices: readonly Office[], language: App.Locals['language']): string | null {
  const last = offices
    .flatMap((one) => one.pausedUntil ?? [])
    .toSorted()
    .at(-1)
  return last === undefined ? null : sayDay(last, language)
}

export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
  const { db, now, language, viewer } = locals
  const text = textIn(language)
  const refs = [...new Set(url.searchParams.getAll('office'))].filter((one) => officeRef.test(one))
  const week = await currentWeek(db, now)
  const word = url.searchParams.get('choice')
  const [asks, named, chosen] = await Promise.all([
    week ? asksOf(db, week.year) : [],
    officesBy(db, refs.slice(0, mostTicked + mostFound), now),
    chosenBy(db, word, now),
  ])
  const long = chosen !== null && chosen.offices.length > mostTicked
  const short = long ? [] : (chosen?.offices ?? [])
  const others = named.filter(({ ref }) => !short.some((one) => one.ref === ref))
  const alone = await leftAloneAmong(db, others)
  const offices = [...short, ...others.filter((one) => !alone.has(one))]
  const offered = asks.filter((one) => !one.retired)
  const asked = offered.find((one) => one.code === url.searchParams.get('ask'))
  const [first] = offices
  // Whoever would rather speak may, on this page and no other.
  setHeaders({ 'permissions-policy': 'interest-cohort=(), camera=(), microphone=(self)' })
  return {
    there: week !== null,
    formKey: crypto.randomUUID(),
    asks: offered.map((one) => {
      const prompts = one.prompts[language] ?? one.prompts['en']
      return {
        code: one.code,
        words: wordsOf(one.words, language),
        questions: prompts?.questions ?? [],
        starters: prompts?.starters ?? [],
      }
    }),
    offices: offices.map((one) => choiceOf(one, locals)),
    alone: [...alone, ...(long ? [] : (chosen?.leftAlone ?? []))].map(({ label }) => label),
    choice: chosen && word,
    run: long && word !== null ? runOf(word, chosen, locals) : null,
    languages: languageCodes.map((code) => ({ value: code, label: sayLanguage(code, language) })),
    values: {
      ask: asked?.code ?? '',
      title: asked ? nameOf(asked, language) : '',
      greeting:
        !long && offices.length === 1 && first?.salutation
          ? text('letters.form.greeting-to', { name: first.salutation })
          : text('letters.form.greeting-any'),
      closing: text('letters.form.closing-usual'),
      writer: 'self',
      envelope: 'dl',
      language: !long && offices.length === 1 && first ? first.language : language,
      email: viewer.email ?? '',
    },
  }
}

export const actions: Actions = {
  preview: (event) => act(letterForm, lookAt(event), (looked) => looked)(event),
  /** Looks for somebody by words, in the middle of writing: the whole form comes back as it was, those found beside those chosen. */
  find: async ({ locals, request }) => {
    const body = await readBody(request)
    const values = body ? readForm(body) : {}
    const words = [values['find'] ?? ''].flat()[0]?.slice(0, 100) ?? ''
    const chosen = [values['offices'] ?? []].flat().filter((one) => officeRef.test(one))
    const { db, now } = locals
    const [found, kept] = await Promise.all([
      searchOffices(db, { words, nation: null, looksFor: [], inside: null }, now),
      officesBy(db, chosen.slice(0, mostTicked), now),
    ])
    const back: FormState = { values, errors: {}, said: null }
    const all = [...kept, ...found.offices]
    const alone = await leftAloneAmong(db, all)
    const offices = all.filter((one) => !alone.has(one)).map((one) => choiceOf(one, locals))
    const said =
      words === ''
        ? null
        : found.offices.length === 0
          ? ('none' as const)
          : found.count > found.offices.length
            ? ('more' as const)
            : null
    return fail(200, {
      ...back,
      sought: { offices, alone: [...alone].map(({ label }) => label), found: said },
    })
  },
  /** Back to the form: what was typed travels in the press. */
  change: async (event) => {
    const body = await readBody(event.request)
    const back: FormState = { values: body ? readForm(body) : {}, errors: {}, said: null }
    return fail(200, back)
  },
  begin: (event) =>
    act(letterForm, beginFrom(event), (begun) => (begun.step === 'kept' ? `/letters/${begun.token}` : begun))(
      event,
    ),
}
