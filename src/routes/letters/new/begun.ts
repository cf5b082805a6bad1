import type { RequestEvent } from '@sveltejs/kit'
import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { LetterForm, LetterWords } from '#letters/letter.ts'
import { likeness, muchAlike } from '#letters/likeness.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { rateHere } from '#letters/server/rate-here.ts'
import { setLetters } from '#letters/server/paper/paper.ts'
import { beginLetter, namedIn } from '#letters/server/writes/begin.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Db } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { asksOf, currentWeek } from '#weeks/server/reads.ts'
import { wordsOf } from '#weeks/week.ts'
import { typesetter } from '../../typesetter.ts'
import { ownView } from '../own-view.ts'

const yes = (ticked: boolean): string => (ticked ? 'yes' : '')

/** Answers a form that was read as it was typed, for the hidden fields of the page that comes after. */
export const valuesOf = (input: LetterForm): Record<string, string | string[]> => ({
  formKey: input.formKey,
  offices: input.offices,
  choice: input.choice ?? '',
  officeName: input.officeName ?? '',
  officeLines: input.officeLines.join('\n'),
  officeEmail: input.officeEmail ?? '',
  ask: input.ask ?? '',
  writer: input.writer,
  aboutAnother: yes(input.aboutAnother),
  lookedOver: yes(input.lookedOver),
  name: input.name,
  lines: input.lines.join('\n'),
  title: input.title,
  greeting: input.greeting,
  words: input.words,
  closing: input.closing,
  language: input.language,
  largePrint: yes(input.largePrint),
  envelope: input.envelope,
  email: input.email ?? '',
  keep: yes(input.keep),
})

const wordsOfForm = ({ name, lines, title, greeting, words, closing }: LetterForm): LetterWords => ({
  name,
  lines,
  title,
  greeting,
  words,
  closing,
})

async function isAlike(db: Db, input: LetterForm, now: Date): Promise<boolean> {
  if (input.ask === null) return false
  const week = await currentWeek(db, now)
  const ask = week && (await asksOf(db, week.year)).find((one) => one.code === input.ask)
  return ask ? likeness(input.words, wordsOf(ask.template, input.language)) >= muchAlike : false
}

/** Answers the sentence that says why a letter cannot be printed; null when it can. */
async function whyNot({ language, now }: App.Locals, input: LetterForm): Promise<string | null> {
  const sheet = {
    ...wordsOfForm(input),
    sender: { name: input.name, lines: input.lines },
    language: input.language,
    address: [input.officeName ?? '', ...input.officeLines],
    day: now.toISOString().slice(0, 10),
    signatures: [],
    code: '',
    replyAddress: null,
    who: '',
  }
  try {
    const { envelope, largePrint } = input
    await setLetters(typesetter, [sheet], { envelope, largePrint, language, list: false })
    return null
  } catch (error) {
    if (error instanceof Refusal) return textIn(language)(error.key, error.params)
    throw error
  }
}

/** Looks at a letter before it is begun: nothing of it is stored. An office that must not be written to is said here, before somebody is done. */
export const lookAt =
  ({ locals, getClientAddress }: RequestEvent) =>
  async (db: Db, _viewer: Viewer, input: LetterForm, now: Date) => {
    await countOrRefuse(db, rateHere('letter-look', getClientAddress(), 4), now)
    await namedIn(db, input, now)
    return {
      step: 'preview' as const,
      input,
      values: valuesOf(input),
      words: wordsOfForm(input),
      alike: await isAlike(db, input, now),
      unprintable: await whyNot(locals, input),
    }
  }

/** Begins a letter; answers the page of one whose words travel on in its forms, or only its word. */
export const beginFrom =
  ({ locals, getClientAddress }: RequestEvent) =>
  async (db: Db, viewer: Viewer, input: LetterForm, now: Date) => {
    const { token } = await beginLetter(db, viewer, { ...input, from: getClientAddress() }, now)
    if (input.keep) return { step: 'kept' as const, token }
    const letter = await letterBy(db, token)
    if (!letter) throw missing()
    return {
      step: 'begun' as const,
      own: await ownView(locals, { token, letter, words: wordsOfForm(input) }),
    }
  }
