import * as v from 'valibot'
import { modifierOf } from '#consent/permission-scope.ts'
import { anyOf, formKey, line, longText, maybeLine, maybeOneOf, oneOf, ticked } from '#kernel/input.ts'
import { circleNames, modes, modifiers, purposes, type Circle } from '#kernel/permission-words.ts'
import { realDay } from '#kernel/times.ts'

const id = v.pipe(v.optional(v.string('input.choose'), ''), v.uuid('input.choose'))
const maybeId = v.pipe(
  v.optional(v.string('input.choose'), ''),
  v.check((value) => value === '' || /^[0-9a-f-]{36}$/.test(value), 'input.choose'),
  v.transform((value): string | null => (value === '' ? null : value)),
)
const day = v.pipe(
  line(10),
  v.check((value) => realDay(value), 'input.day'),
)
const maybeDay = v.pipe(
  maybeLine(10),
  v.check((value) => value === null || realDay(value), 'input.day'),
)
/** What was seen, asked and weighed, in the words of whoever keeps the record; sealed. */
const words = longText(5000)

/** The word that a form carries so that pressing it twice writes it down once; whoever writes without a form has none. */
const key = v.optional(formKey)
/** Of one person, and of one story or of all of this kind. */
const about = { person: id, surface: maybeId, formKey: key }
/** A paper counts only when all of this is so; one that does not would be kept and help nobody. */
const needed = v.pipe(
  ticked,
  v.check((is) => is, 'records.authority.needed'),
)

export const authorityInput = v.object({
  ...about,
  welfare: needed,
  registered: needed,
  sighted: needed,
  starts: day,
  ends: maybeDay,
  words,
})
export type AuthorityInput = v.InferOutput<typeof authorityInput>

export const capacityInput = v.object({
  ...about,
  outcome: oneOf(['has', 'lacks', 'fluctuates']),
  review: day,
  words,
})
export type CapacityInput = v.InferOutput<typeof capacityInput>

export const competenceInput = v.object({
  ...about,
  outcome: oneOf(['competent', 'not-competent']),
  words,
})
export type CompetenceInput = v.InferOutput<typeof competenceInput>

export const bestInterestsInput = v.object({
  person: id,
  surface: id,
  formKey: key,
  /** What was looked at; null among them: the words. */
  versions: v.pipe(
    v.optional(v.array(v.nullable(v.string())), []),
    v.minLength(1, 'input.choose'),
    v.maxLength(100, 'input.choose'),
  ),
  /** The widest circle that is in their interests; empty: none is. */
  circle: v.pipe(
    v.optional(v.string('input.choose'), ''),
    v.regex(/^[0-6]?$/, 'input.choose'),
    v.transform((value): number | null => (value === '' ? null : Number(value))),
  ),
  purposes: anyOf(purposes),
  modes: anyOf(modes),
  modifiers: anyOf(modifiers),
  /** How many were consulted. */
  consulted: v.pipe(
    v.optional(v.string('input.number'), '0'),
    v.regex(/^\d{1,2}$/, 'input.number'),
    v.transform(Number),
  ),
  seen: v.pipe(
    maybeOneOf(['yes', 'no-sign'] as const),
    v.check((value) => value !== null, 'input.choose'),
  ),
  review: day,
  words,
})
export type BestInterestsInput = v.InferOutput<typeof bestInterestsInput>

export const holdersInput = v.object({
  person: id,
  holders: v.pipe(
    v.optional(v.array(v.object({ label: line(40), as: oneOf(['parent', 'guardian', 'council']) })), []),
    v.minLength(1, 'input.needed'),
    v.maxLength(10, 'input.choose'),
  ),
})
export type HoldersInput = v.InferOutput<typeof holdersInput>

/** How far a decision lets something go; that nobody may see it has to be said as well. */
export const goes = oneOf(['none', ...circleNames])
/** Answers the circle that was chosen; null: nobody sees it. */
export const circleOf = (word: v.InferOutput<typeof goes>): Circle | null =>
  word === 'none' ? null : (circleNames.indexOf(word) as Circle)

const { person, surface, consulted, seen, review } = bestInterestsInput.entries
/** The decision as its form sends it: what was looked at follows from where the person is. */
export const decisionForm = v.pipe(
  v.object({
    person,
    surface,
    formKey: key,
    consulted,
    seen,
    goes,
    purposes: anyOf(purposes),
    modes: anyOf(modes),
    review,
    words,
  }),
  v.forward(
    v.check((typed) => typed.goes === 'none' || typed.purposes.length > 0, 'input.choose'),
    ['purposes'],
  ),
  v.forward(
    v.check((typed) => typed.goes === 'none' || typed.modes.length > 0, 'input.choose'),
    ['modes'],
  ),
  v.transform(({ goes: word, ...rest }) => ({
    ...rest,
    circle: circleOf(word),
    modifiers: [...new Set(rest.modes.flatMap((mode) => modifierOf[mode] ?? []))],
  })),
)

/** How many who hold parental responsibility can be written in one form. */
export const mostHolders = 4
const holding = ['parent', 'guardian', 'council'] as const

/** Reads who holds parental responsibility from its form: `label-1 as-1` and so on. */
export const holdersForm = v.pipe(
  v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  v.transform((typed): v.InferInput<typeof holdersInput> => {
    const one = (name: string): string => [typed[name] ?? ''].flat()[0]?.trim() ?? ''
    const rows = Array.from({ length: mostHolders }, (_, at) => at + 1)
    return {
      person: one('person'),
      holders: rows
        .map((row) => ({
          label: one(`label-${row}`),
          as: holding.find((code) => code === one(`as-${row}`)) ?? 'parent',
        }))
        .filter(({ label }) => label !== ''),
    }
  }),
  holdersInput,
)

export const marksForm = v.object({ person: id, notLocatable: ticked, doNotShow: ticked })
export const ofPerson = v.object({ person: id })
/** What cannot be undone asks for a tick. */
export const forGood = v.object({
  person: id,
  sure: v.pipe(
    ticked,
    v.check((is) => is, 'input.sure'),
  ),
})
export const ofRecord = v.object({ record: id })
/** Which of the two was pressed under a decision that is looked at a second time. */
export const agrees = v.pipe(
  oneOf(['yes', 'no']),
  v.transform((word) => word === 'yes'),
)
export const lookedAt = v.object({ record: id, agrees })
export const evidenceForm = v.object({ evidence: id, why: line(500) })
