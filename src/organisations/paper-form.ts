import * as v from 'valibot'
import { anyOf, formKey, line, longText, maybeLine, oneOf, ticked } from '#kernel/input.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { modes, purposes, type Circle } from '#kernel/permission-words.ts'
import { realDay, type Day } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'
import { isSigner, type PaperAnswer, type Signer } from '#organisations/paper.ts'

const say = (key: MessageKey): string => key
const some = <Chosen>(chosen: readonly Chosen[]): boolean => chosen.length > 0

/** The form in which a form on paper is entered; `form` is the one that is put right. */
export const paperForm = v.object({
  formKey,
  slug: line(80),
  form: v.optional(maybeLine(36), ''),
  revision: v.optional(maybeLine(9), ''),
  title: line(120),
  says: longText(5000),
  dated: v.pipe(line(10), v.check(realDay, say('input.day'))),
  circle: v.pipe(
    oneOf(['0', '1', '2', '3', '4', '5', '6'] as const),
    v.transform((code) => Number(code) as Circle),
  ),
  purposes: v.pipe(anyOf(purposes), v.check(some, say('organisations.paper.one-needed'))),
  modes: v.pipe(anyOf(modes), v.check(some, say('organisations.paper.one-needed'))),
  namesThisSite: ticked,
  namesSocialMedia: ticked,
})
export type PaperFormInput = v.InferOutput<typeof paperForm>

export const ofForm = v.object({ slug: line(80), form: line(36) })

/** What was tapped for one person; null takes an answer back that was tapped by mistake. */
export type TappedAnswer = {
  supported: string
  answer: PaperAnswer['answer'] | null
  byWhom: Signer
  signed: Day
  ends: Day | null
}

type Typed = Record<string, string | string[]>
type Wrong = { field: string; key: MessageKey }

const one = (typed: Typed, name: string): string => cleanLine([typed[name] ?? ''].flat()[0] ?? '')

/** Reads what was tapped for one person. What is left empty in their row is what stands above for everybody. */
function readAnswer(typed: Typed, supported: string): { tapped: TappedAnswer | null; wrong: Wrong[] } {
  const answer = one(typed, `answer-${supported}`)
  const nobody = { supported, byWhom: 'self' as const, signed: '', ends: null }
  if (answer !== 'yes' && answer !== 'no') return { tapped: { ...nobody, answer: null }, wrong: [] }
  const wrong: Wrong[] = []
  const own = (name: string): { value: string; field: string } => {
    const value = one(typed, `${name}-${supported}`)
    return value === '' ? { value: one(typed, name), field: name } : { value, field: `${name}-${supported}` }
  }
  const [byWhom, signed, ends] = [own('byWhom'), own('signed'), own('ends')]
  if (!isSigner(byWhom.value)) wrong.push({ field: byWhom.field, key: 'organisations.paper.by-whom-needed' })
  if (!realDay(signed.value)) wrong.push({ field: signed.field, key: 'organisations.paper.signed-needed' })
  if (ends.value !== '' && !realDay(ends.value)) wrong.push({ field: ends.field, key: 'input.day' })
  else if (ends.value !== '' && ends.value <= signed.value)
    wrong.push({ field: ends.field, key: 'organisations.paper.ends-before' })
  if (wrong.length > 0 || !isSigner(byWhom.value)) return { tapped: null, wrong }
  return {
    tapped: {
      supported,
      answer,
      byWhom: byWhom.value,
      signed: signed.value,
      ends: ends.value === '' ? null : ends.value,
    },
    wrong,
  }
}

/** Reads the grid of answers: for everybody `byWhom signed ends`, and for each person `answer-… byWhom-… signed-… ends-…`. */
export const answersForm = v.pipe(
  v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const typed = dataset.value
    const people = Object.keys(typed).flatMap((name) => /^answer-([0-9a-f-]{36})$/.exec(name)?.[1] ?? [])
    const read = people.map((supported) => readAnswer(typed, supported))
    const wrong = new Map(read.flatMap((row) => row.wrong).map(({ field, key }) => [field, key]))
    for (const [field, key] of wrong)
      addIssue({
        message: key,
        path: [{ type: 'object', origin: 'value', input: typed, key: field, value: typed[field] }],
      })
    if (wrong.size > 0) return NEVER
    return {
      slug: one(typed, 'slug'),
      form: one(typed, 'form'),
      revision: one(typed, 'revision'),
      answers: read.flatMap(({ tapped }) => (tapped ? [tapped] : [])),
    }
  }),
)
export type AnswersInput = v.InferOutput<typeof answersForm>
