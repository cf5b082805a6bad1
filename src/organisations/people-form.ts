import * as v from 'valibot'
import { westernDigits } from '#kernel/input.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { ageBands, type AgeBand } from '#kernel/permission-words.ts'
import { realDay, type Day } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'
import { looksLikeName } from '#organisations/label.ts'
import { colours, type Colour } from '#organisations/supported.ts'

/** How many people can be entered with one press. */
export const rowsAtOnce = 8

/** One person as typed; `row` is the number that stands behind the names of its fields. */
export type PersonInput = {
  row: number
  label: string
  colour: Colour | ''
  ageBand: AgeBand
  nextChange: Day | null
}

type Typed = Record<string, string | string[]>
type Wrong = { field: string; key: MessageKey }

const one = (typed: Typed, name: string): string => cleanLine([typed[name] ?? ''].flat()[0] ?? '')
const isColour = (word: string): word is Colour => (colours as readonly string[]).includes(word)
const isBand = (word: string): word is AgeBand => (ageBands as readonly string[]).includes(word)

/** Reads one row; null when nothing but an age band was chosen in it. */
function readPerson(typed: Typed, row: number): { person: PersonInput | null; wrong: Wrong[] } {
  const field = (name: string): string => `${name}-${row}`
  const typedLabel = one(typed, field('label'))
  const colour = one(typed, field('colour'))
  if (typedLabel === '' && colour === '') return { person: null, wrong: [] }
  const wrong: Wrong[] = []
  const label = typedLabel === '' ? `${colour.charAt(0).toUpperCase()}${colour.slice(1)}` : typedLabel
  if (label.length > 40) wrong.push({ field: field('label'), key: 'organisations.people.label-long' })
  else if (looksLikeName(label) && one(typed, field('sure')) === '')
    wrong.push({ field: field('label'), key: 'organisations.people.name' })
  if (colour !== '' && !isColour(colour)) wrong.push({ field: field('colour'), key: 'input.choose' })
  const ageBand = one(typed, field('band'))
  if (!isBand(ageBand))
    return { person: null, wrong: [...wrong, { field: field('band'), key: 'input.choose' }] }
  const month = one(typed, field('month')).padStart(2, '0')
  const year = westernDigits(one(typed, field('year')))
  const day = `${year}-${month}-01`
  const nextChange = ageBand === 'adult' ? null : realDay(day) ? day : undefined
  if (nextChange === undefined) wrong.push({ field: field('year'), key: 'organisations.people.month' })
  return {
    person: {
      row,
      label,
      colour: isColour(colour) ? colour : '',
      ageBand,
      nextChange: nextChange ?? null,
    },
    wrong,
  }
}

/** Reads the rows in which people are entered: `label-1 colour-1 band-1 month-1 year-1 sure-1` and so on. Empty rows are left out. */
export const peopleForm = v.pipe(
  v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const typed = dataset.value
    const rows = Array.from({ length: rowsAtOnce }, (_, at) => readPerson(typed, at + 1))
    const people = rows.flatMap(({ person }) => (person ? [person] : []))
    const wrong = rows.flatMap((row) => row.wrong)
    if (people.length + wrong.length === 0) wrong.push({ field: 'label-1', key: 'input.needed' })
    for (const { field, key } of wrong)
      addIssue({
        message: key,
        path: [{ type: 'object', origin: 'value', input: typed, key: field, value: typed[field] }],
      })
    if (wrong.length > 0) return NEVER
    return {
      slug: one(typed, 'slug'),
      formKey: one(typed, 'formKey').slice(0, 64),
      person: one(typed, 'person'),
      revision: one(typed, 'revision'),
      people,
    }
  }),
)
export type PeopleInput = v.InferOutput<typeof peopleForm>
