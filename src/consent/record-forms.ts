import * as v from 'valibot'
import { anyOf, line, longText, maybeLine, maybeOneOf, oneOf, ticked } from '#kernel/input.ts'
import { modes, modifiers, purposes } from '#kernel/permission-words.ts'
import { realDay } from '#kernel/times.ts'

const id = v.pipe(v.optional(v.string('input.choose'), ''), v.uuid('input.choose'))
const maybeId = v.pipe(
  v.optional(v.string('input.choose'), ''),
  v.check((value) => value === '' || /^[0-9a-f-]{36}$/.test(value), 'input.choose'),
  v.transform((value): string | null => (value === '' ? null : value)),
)
const day = v.pipe(
  line(10),
  v.check((value) => realDay(value), 'input.choose'),
)
const maybeDay = v.pipe(
  maybeLine(10),
  v.check((value) => value === null || realDay(value), 'input.choose'),
)
/** What was seen, asked and weighed, in the words of whoever keeps the record; sealed. */
const words = longText(5000)

/** Of one person, and of one story or of all of this kind. */
const about = { person: id, surface: maybeId }

export const authorityInput = v.object({
  ...about,
  welfare: ticked,
  registered: ticked,
  sighted: ticked,
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

/** The decision as its form sends it: what was looked at follows from where the person is. */
export const decisionForm = v.omit(bestInterestsInput, ['versions'])

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
    v.check((is) => is, 'input.needed'),
  ),
})
export const ofRecord = v.object({ record: id })
export const evidenceForm = v.object({ evidence: id, why: line(500) })
