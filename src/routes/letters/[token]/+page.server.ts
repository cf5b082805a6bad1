import type { RequestEvent } from '@sveltejs/kit'
import { missing } from '#kernel/refusal.ts'
import type { LetterWords } from '#letters/letter.ts'
import {
  addressInput,
  allInput,
  backInput,
  carriedWords,
  eraseInput,
  lookInput,
  offInput,
  pageInput,
  runInput,
  toldInput,
  wordsInput,
} from '#letters/own.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { callOff } from '#letters/server/writes/call-off.ts'
import { giveAddress, lookForAddress, lookForAll, tellAll, tellMove } from '#letters/server/writes/own.ts'
import { eraseLetter, putBack, saveWords, type Taken } from '#letters/server/writes/words.ts'
import { act } from '../../act.ts'
import { ownView } from '../own-view.ts'
import type { Actions, PageServerLoad } from './$types'

const pageIn = (url: URL): number => Number(url.searchParams.get('page')) || 1

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  const letter = await letterBy(locals.db, params.token)
  if (!letter) throw missing()
  setHeaders({ 'permissions-policy': 'interest-cohort=(), camera=(), microphone=(self)' })
  return { own: await ownView(locals, { token: params.token, letter, words: null, page: pageIn(url) }) }
}

type Done = 'told' | 'off' | 'found' | 'given' | 'words' | 'erased' | 'back' | null
type Shown = { words: LetterWords | null; taken?: Taken | null; page?: number | null }

/** The page again with the words it carried; without any it is asked for anew, so that a second look sends nothing twice. */
async function shownAgain(
  { locals, params, url }: RequestEvent,
  done: Done,
  { words, taken = null, page = pageIn(url) }: Shown,
) {
  const token = params['token'] ?? ''
  const letter = await letterBy(locals.db, token)
  if (!letter) throw missing()
  if (taken === null && (words === null || letter.kept !== null)) return null
  return { done, own: await ownView(locals, { token, letter, words, taken, page }) }
}

type Again = Awaited<ReturnType<typeof shownAgain>>
const next = (again: Again, { params, url }: RequestEvent) => {
  const page = pageIn(url)
  return again ?? `/letters/${params['token'] ?? ''}${page > 1 ? `?page=${page}` : ''}`
}

export const actions: Actions = {
  told: (event) =>
    act(
      toldInput,
      async (db, viewer, input, now) => {
        await tellMove(db, viewer, input, now)
        return shownAgain(event, 'told', { words: carriedWords(input) })
      },
      next,
    )(event),
  /** Another page of the offices, with the words that the page carried. */
  show: (event) =>
    act(
      pageInput,
      (_db, _viewer, input) => shownAgain(event, null, { words: carriedWords(input), page: input.page }),
      next,
    )(event),
  all: (event) =>
    act(
      allInput,
      async (db, viewer, input, now) => {
        await tellAll(db, viewer, input, now)
        return shownAgain(event, 'told', { words: carriedWords(input) })
      },
      next,
    )(event),
  lookAll: (event) =>
    act(
      runInput,
      async (db, viewer, input, now) => {
        await lookForAll(db, viewer, input, now)
        return shownAgain(event, 'found', { words: carriedWords(input) })
      },
      next,
    )(event),
  off: (event) =>
    act(
      offInput,
      async (db, viewer, input, now) => {
        await callOff(db, viewer, input, now)
        return shownAgain(event, 'off', { words: carriedWords(input) })
      },
      next,
    )(event),
  look: (event) =>
    act(
      lookInput,
      async (db, viewer, input, now) => {
        await lookForAddress(db, viewer, input, now)
        return shownAgain(event, 'found', { words: carriedWords(input) })
      },
      next,
    )(event),
  address: (event) =>
    act(
      addressInput,
      async (db, viewer, input, now) => {
        await giveAddress(db, viewer, input, now)
        return shownAgain(event, 'given', { words: carriedWords(input) })
      },
      next,
    )(event),
  words: (event) =>
    act(
      wordsInput,
      async (db, viewer, input, now) => {
        await saveWords(db, viewer, input, now)
        const { name, lines, title, greeting, words, closing } = input
        return shownAgain(event, 'words', { words: { name, lines, title, greeting, words, closing } })
      },
      next,
    )(event),
  erase: (event) =>
    act(
      eraseInput,
      async (db, viewer, input, now) => {
        const taken = await eraseLetter(db, viewer, input, now)
        const something = taken.words ?? taken.email ?? taken.offices[0]
        return shownAgain(event, 'erased', {
          words: null,
          taken: something === undefined || something === null ? null : taken,
        })
      },
      next,
    )(event),
  back: (event) =>
    act(
      backInput,
      async (db, viewer, input, now) => {
        await putBack(db, viewer, { ...input, words: carriedWords(input) }, now)
        return shownAgain(event, 'back', { words: null })
      },
      next,
    )(event),
}
