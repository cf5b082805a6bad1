import * as v from 'valibot'
import { holderSorts } from '#consent/holder.ts'
import { formKey, line, longText, maybeLine, maybeOneOf, oneOf, ticked } from '#kernel/input.ts'
import { circleNames, type Circle, type Mode, type Modifier, type Purpose } from '#kernel/permission-words.ts'
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
const answer = longText(1200)

/** The answers to several questions as one sealed text, each under its question. */
const together = (answers: readonly (readonly [string, string])[]): string =>
  answers.map(([question, said]) => `${question}: ${said}`).join('\n\n')

/** What can be written down about somebody, each in a form of its own. */
export const recordSorts = [
  'capacity',
  'authority',
  'decision',
  'review',
  'competence',
  'holders',
  'died',
] as const
export type RecordSort = (typeof recordSorts)[number]

/** Answers which form an address asks for; null: the list of them. */
export const recordSortOf = (word: string | null): RecordSort | null =>
  recordSorts.find((sort) => sort === word) ?? null

/** Whom a form is about: on the page of an organisation by the address, else by the word of a link. */
const who = {
  person: v.optional(id),
  token: v.optional(v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link'))),
}
export type Who = { person?: string | undefined; token?: string | undefined }
/** The word that a form carries so that pressing it twice writes it down once; whoever writes without a form has none. */
const key = v.optional(formKey)
/** Of one story, or (null) of all of this kind. */
const about = { ...who, surface: maybeId, formKey: key }
/** A paper counts only when all of this is so; one that does not would be kept and help nobody. */
const needed = v.pipe(
  ticked,
  v.check((is) => is, 'records.authority.needed'),
)

/** A paper by which another may decide, as somebody saw it. */
export const authorityForm = v.object({
  ...about,
  sighted: needed,
  welfare: needed,
  registered: needed,
  words,
  starts: day,
  ends: maybeDay,
})

/** Whether somebody can decide this: what they were asked, which help was tried, what was seen. */
export const capacityForm = v.pipe(
  v.object({
    ...about,
    outcome: oneOf(['has', 'lacks', 'fluctuates']),
    asked: answer,
    helped: answer,
    seen: answer,
    review: day,
  }),
  v.transform(({ asked, helped, seen, ...rest }) => ({
    ...rest,
    words: together([
      ['What they were asked', asked],
      ['Which help was tried', helped],
      ['What was seen', seen],
    ]),
  })),
)

/** Whether a child understands this. */
export const competenceForm = v.object({
  ...about,
  outcome: oneOf(['competent', 'not-competent']),
  words,
})

/** How far a decision lets something go; that nobody may see it has to be said as well. */
const goes = oneOf(['none', ...circleNames])
/** Answers the circle that was chosen; null: nobody sees it. */
const circleOf = (word: v.InferOutput<typeof goes>): Circle | null =>
  word === 'none' ? null : (circleNames.indexOf(word) as Circle)

/** A decision in somebody's best interests: who was asked, what the person would want, why it is good for them, why nothing that shows less would do. */
export const decisionForm = v.pipe(
  v.object({
    ...who,
    surface: id,
    formKey: key,
    /** How many were consulted. */
    consulted: v.pipe(
      v.optional(v.string('input.number'), '0'),
      v.regex(/^\d{1,2}$/, 'input.number'),
      v.transform(Number),
    ),
    asked: answer,
    wants: answer,
    good: answer,
    less: answer,
    seen: v.pipe(
      maybeOneOf(['yes', 'no-sign'] as const),
      v.check((value) => value !== null, 'input.choose'),
    ),
    goes,
    review: day,
    /** What was there to look at; "words" among them: the words. */
    looked: v.pipe(
      v.optional(v.union([v.array(v.string()), v.string()]), []),
      v.transform((value) => [value].flat()),
    ),
  }),
  v.transform(({ goes: word, asked, wants, good, less, ...rest }) => ({
    ...rest,
    circle: circleOf(word),
    words: together([
      ['Who was asked', asked],
      ['What the person would want', wants],
      ['Why it is good for them', good],
      ['Why nothing that shows less would do', less],
    ]),
  })),
)

/** How many who hold parental responsibility can be written in one form. */
export const mostHolders = 4

const holding = v.object({
  ...who,
  holders: v.pipe(
    v.array(v.object({ label: line(40), as: v.picklist(holderSorts, 'input.choose') })),
    v.minLength(1, 'input.needed'),
  ),
})
/** Everybody who is known to hold parental responsibility: `label-1 as-1` and so on. */
export const holdersForm = v.pipe(
  v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  v.transform((typed): v.InferInput<typeof holding> => {
    const one = (name: string): string => [typed[name] ?? ''].flat()[0]?.trim() ?? ''
    const [person, token] = [one('person'), one('token')]
    const rows = Array.from({ length: mostHolders }, (_, at) => at + 1)
    return {
      ...(person !== '' && { person }),
      ...(token !== '' && { token }),
      holders: rows
        .map((row) => ({
          label: one(`label-${row}`),
          as: holderSorts.find((code) => code === one(`as-${row}`)) ?? 'parent',
        }))
        .filter(({ label }) => label !== ''),
    }
  }),
  holding,
)

/** A press that needs no words. */
export const recordToken = v.object(who)

/** Which of the two was pressed under a decision that is looked at a second time. */
const agrees = v.pipe(
  oneOf(['yes', 'no']),
  v.transform((word) => word === 'yes'),
)
/** What whoever looks a second time thinks of a decision. */
export const reviewForm = v.object({ ...who, agrees })

type About = { person: string; surface: string | null; formKey?: string | undefined }
type Form<Schema extends v.GenericSchema> = Omit<v.InferOutput<Schema>, 'person' | 'token' | 'surface'>
/** What the use cases keep: what the forms say, of a person and of one story or all. */
export type AuthorityInput = About & Form<typeof authorityForm>
export type CapacityInput = About & Form<typeof capacityForm>
export type CompetenceInput = About & Form<typeof competenceForm>
export type HoldersInput = { person: string } & Form<typeof holdersForm>
export type BestInterestsInput = Omit<Form<typeof decisionForm>, 'looked' | 'circle'> & {
  /** The widest circle that is in their interests; null: none is. */
  circle: number | null
  person: string
  surface: string
  formKey?: string | undefined
  /** What was looked at; null among them: the words. */
  versions: (string | null)[]
  purposes: Purpose[]
  modes: Mode[]
  modifiers: Modifier[]
}

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
/** Whether somebody who neither posted nor decided saw the paper by which another decides. */
export const sightForm = v.object({
  surface: id,
  record: id,
  seen: v.pipe(
    oneOf(['yes', 'no']),
    v.transform((word) => word === 'yes'),
  ),
})
export type SightInput = v.InferOutput<typeof sightForm>
export const lookedAt = v.object({ record: id, agrees })
export const evidenceForm = v.object({ evidence: id, why: line(500) })
