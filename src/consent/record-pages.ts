import * as v from 'valibot'
import {
  agrees,
  authorityInput,
  bestInterestsInput,
  capacityInput,
  circleOf,
  competenceInput,
  goes,
} from '#consent/record-forms.ts'
import { longText, maybeLine, oneOf } from '#kernel/input.ts'

/** What can be written down about somebody, each on a page of its own. */
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

/** Answers which page an address asks for; null: the list of them. */
export const recordSortOf = (word: string | null): RecordSort | null =>
  recordSorts.find((sort) => sort === word) ?? null

const token = v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link'))
/** About this story alone, or about all stories of the organisation. */
const reach = oneOf(['story', 'all'])
const answer = longText(1200)

/** The answers to several questions as one sealed text, each under its question. */
const together = (answers: readonly (readonly [string, string])[]): string =>
  answers.map(([question, words]) => `${question}: ${words}`).join('\n\n')

const { outcome, review, formKey } = capacityInput.entries
/** Whether somebody can decide this: what they were asked, which help was tried, what was seen. */
export const capacityPage = v.pipe(
  v.object({ token, formKey, outcome, asked: answer, helped: answer, seen: answer, reach, review }),
  v.transform(({ asked, helped, seen, ...rest }) => ({
    ...rest,
    words: together([
      ['What they were asked', asked],
      ['Which help was tried', helped],
      ['What was seen', seen],
    ]),
  })),
)

const { welfare, registered, sighted, starts, ends, words } = authorityInput.entries
/** A paper by which another may decide, as somebody saw it. */
export const authorityPage = v.object({
  token,
  formKey,
  sighted,
  welfare,
  registered,
  words,
  starts,
  ends,
  reach,
})

/** Whether a child understands this. */
export const competencePage = v.object({
  token,
  formKey,
  outcome: competenceInput.entries.outcome,
  words: competenceInput.entries.words,
  reach,
})

const decision = bestInterestsInput.entries
/** A decision in somebody's best interests: who was asked, what the person would want, why it is good for them, why nothing that shows less would do. */
export const decisionPage = v.pipe(
  v.object({
    token,
    formKey,
    consulted: decision.consulted,
    asked: answer,
    wants: answer,
    good: answer,
    less: answer,
    seen: decision.seen,
    goes,
    review: decision.review,
    /** What was in front of whoever decides; "words" among them: the words. */
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

/** How many can be entered at once as holding parental responsibility. */
export const holderRows = 4
export const holderSorts = ['parent', 'guardian', 'council'] as const
const label = v.optional(maybeLine(40), '')
const holderSort = v.optional(v.picklist(holderSorts, 'input.choose'), 'parent')

/** Everybody who is known to hold parental responsibility. */
export const holdersPage = v.pipe(
  v.object({
    token,
    'label.0': label,
    'label.1': label,
    'label.2': label,
    'label.3': label,
    'as.0': holderSort,
    'as.1': holderSort,
    'as.2': holderSort,
    'as.3': holderSort,
  }),
  v.transform((typed) => ({
    token: typed.token,
    holders: ([0, 1, 2, 3] as const).flatMap((at) => {
      const called = typed[`label.${at}`]
      return called === null || called === '' ? [] : [{ label: called, as: typed[`as.${at}`] }]
    }),
  })),
  v.forward(
    v.check(({ holders }) => holders.length > 0, 'input.needed'),
    ['holders'],
  ),
)

export const recordToken = v.object({ token })

/** What whoever looks a second time thinks of a decision. */
export const reviewPage = v.object({ token, agrees })
