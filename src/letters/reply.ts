import * as v from 'valibot'
import { revision } from '#letters/send.ts'
import { formKey, line, maybeLine, maybeText, oneOf, ticked } from '#kernel/input.ts'
import { realDay } from '#kernel/times.ts'

/** What an office presses on its page, in the order in which it stands there. */
export const presses = [
  'yes',
  'not-now',
  'more',
  'visit',
  'already-answered',
  'wrong-office',
  'do-not-write',
] as const
export type Press = (typeof presses)[number]

export const replyKinds = [
  'acknowledged',
  'answered',
  'promised',
  'passed-on',
  'no',
  'asked-for-more',
  'going-on',
  'wrong-office',
  'already-answered',
  'do-not-write',
  'visit',
] as const
export type ReplyKind = (typeof replyKinds)[number]

/** What a writer can do next after an answer of a kind: write to them once more, or look for the right office. */
export const nextAfter: Partial<Record<ReplyKind, 'write' | 'look'>> = {
  'asked-for-more': 'write',
  'going-on': 'write',
  'wrong-office': 'look',
}

export const answeredCodes = ['yes', 'partly', 'no', 'unclear'] as const
export type Answered = (typeof answeredCodes)[number]

/** What a press means in the words in which answers are counted; a yes with something promised is a promise. */
export function meaningOf(press: Press, promises: boolean): { kind: ReplyKind; answered: Answered | null } {
  if (press === 'yes') return { kind: promises ? 'promised' : 'answered', answered: 'yes' }
  if (press === 'visit') return { kind: 'visit', answered: 'yes' }
  if (press === 'not-now') return { kind: 'no', answered: 'no' }
  if (press === 'more') return { kind: 'asked-for-more', answered: null }
  return { kind: press, answered: null }
}

/** Answers the press that a counted answer was; null for what is not pressed there. */
export const pressOf = (kind: ReplyKind): Press | null =>
  kind === 'promised' ? 'yes' : (presses.find((press) => meaningOf(press, false).kind === kind) ?? null)

/** A day that may be left empty: null then. */
const maybeDay = v.pipe(
  maybeLine(10),
  v.check((value) => value === null || realDay(value), 'input.day'),
)

/** A promise: what, and by when. A day alone promises nothing. */
const promise = { promise: maybeLine(500), due: maybeDay }
const promisesSomething = (form: { promise: string | null; due: string | null }): boolean =>
  form.due === null || form.promise !== null

/** What no code has, and what was meant: codes are made without 0, 1, I and O. */
const meant: Record<string, string> = { 0: 'Q', O: 'Q', 1: 'L', I: 'L' }

/** A code as somebody types it from paper: in small letters, without its dash, with spaces, with letters that look like those of the code, or as the whole address. */
export const typedCode = v.pipe(
  line(200),
  v.transform((words) => /\/reply\/([^/?#]*)/i.exec(words)?.[1] ?? words),
  v.transform((words) =>
    words
      .normalize('NFKC')
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]/g, ''),
  ),
  v.transform((words) => words.replaceAll(/[01IO]/g, (letter) => meant[letter] ?? letter)),
  v.transform((words) => `${words.slice(0, 4)}-${words.slice(4)}`),
)

/** What an office says with one press. */
export const pressForm = v.pipe(
  v.object({
    code: typedCode,
    press: oneOf(presses),
    ...promise,
    /** To whom it should have gone, and a line to the writer. */
    words: maybeText(2000),
  }),
  v.forward(
    v.check((form) => promisesSomething(form), 'letters.promise.needed'),
    ['promise'],
  ),
)
export type PressForm = v.InferOutput<typeof pressForm>

/** An office lets itself be written to again. */
export const againForm = v.object({ code: typedCode })

/** How it stands with an office that asked not to be written to again, where a person decides. */
export const requestStates = ['waiting', 'accepted', 'declined'] as const
export type RequestState = (typeof requestStates)[number]
export const requestForm = v.object({
  request: v.pipe(v.optional(v.string(), ''), v.uuid('input.choose')),
  to: oneOf(requestStates),
})

export const vias = ['post', 'email', 'phone', 'visit'] as const

const day = v.pipe(
  line(10),
  v.check((value) => realDay(value), 'input.day'),
)

const delivery = v.pipe(v.optional(v.string(), ''), v.regex(/^[0-9a-f-]{36}$/, 'input.choose'))

/** The answers that a writer writes down; what offices say of themselves on their page is not among them. */
export const toldKinds = [
  'answered',
  'promised',
  'acknowledged',
  'passed-on',
  'asked-for-more',
  'visit',
  'no',
  'going-on',
] as const

export const tellForm = v.pipe(
  v.object({
    token: line(64),
    delivery,
    received: day,
    via: oneOf(vias),
    kind: oneOf(toldKinds),
    answered: oneOf(answeredCodes),
    ...promise,
    words: maybeText(2000),
    formKey,
  }),
  v.forward(
    v.check((form) => promisesSomething(form), 'letters.promise.needed'),
    ['promise'],
  ),
)
export type TellForm = v.InferOutput<typeof tellForm>

/** The one press that the mails after 14 and 21 days ask for. */
export const quickAnswers = ['answered', 'acknowledged', 'none', 'not-expected'] as const
export const quickForm = v.object({ token: line(64), delivery, answer: oneOf(quickAnswers) })
export type QuickForm = v.InferOutput<typeof quickForm>

export const thankForm = v.object({ token: line(64), reply: delivery })

/** How a promise went. */
export const promiseStates = ['open', 'kept', 'partly', 'lapsed'] as const
export type PromiseState = (typeof promiseStates)[number]
export const promiseForm = v.object({
  promise: delivery,
  state: oneOf(promiseStates),
  note: maybeText(500),
  /** Shown to those who write to that office in a week to come. */
  shared: ticked,
  /** What was read of it. */
  revision,
})

/** Days after which a writer is asked whether there was an answer, as by WriteToThem. */
export const askDays = [14, 21] as const
