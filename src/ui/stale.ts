import type { MessageKey, Text } from '#kernel/messages.ts'

type Value = string | string[]
type Values = Record<string, Value>

/** What a form stands on: what is kept, its revision, and fields that only make sense with one another. */
export type Kept = {
  values: Record<string, unknown>
  revision: string | number
  together?: readonly (readonly string[])[]
}
/** A form that came back, and whether what it stood on had changed meanwhile. */
export type Back = { values: Values; stale: boolean } | null
/** What two people changed each in their own way, and what only somebody else changed. */
export type Meanwhile = { differ: Differing[]; taken: string[] }
/** `one`: only one of them changed it, but it belongs to what both did. */
type Differing = { field: string; theirs: Value; yours: Value; one?: true }
export type ShownForm = { values: Values; revision: string; opened: string; meanwhile: Meanwhile | null }

const asValue = (value: unknown): Value =>
  Array.isArray(value)
    ? value.map(String)
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : ''

/** A browser sends its own line ends, and boxes in the order of the page. */
const plain = (value: Value | undefined): string =>
  [value ?? '']
    .flat()
    .map((one) => one.replaceAll('\r\n', '\n').trim())
    .filter((one) => one !== '')
    .toSorted()
    .join('\n')

/** A short print of a value (FNV-1a twice, 64 bits): it tells what was changed, and is no secret from whoever holds the form. */
function printOf(value: Value | undefined): string {
  let [one, other] = [0x811c9dc5, 0x01000193]
  for (const letter of plain(value)) {
    const code = letter.codePointAt(0) ?? 0
    one = Math.imul(one ^ code, 0x01000193)
    other = Math.imul(other ^ (code + 0x9e37), 0x85ebca6b)
  }
  return (one >>> 0).toString(36) + (other >>> 0).toString(36)
}

/** Answers the ticks of a list, or the lines of one that is written: a set. */
const ticksOf = (value: Value | undefined): string[] => plain(value).split('\n').filter(Boolean)

const printsOf = (value: Value | undefined): string => ticksOf(value).map(printOf).join('.')

/** Answers what a form was opened with, in one line for a hidden field: of a list each tick by itself; words that were empty are left out. */
export const openedWith = (values: Values): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([field, value]) => {
      if (Array.isArray(value)) return [[field, printsOf(value)]]
      return value === '' ? [] : [[field, printOf(value)]]
    }),
  ).toString()

/** Puts two people's ticks into one list: each tick is as whoever touched it left it. Two who touch the same tick do the same. */
function mergeTicks(opened: string, theirs: Value | undefined, yours: Value | undefined): string[] {
  const before = new Set(opened.split('.'))
  const [other, own] = [ticksOf(theirs), ticksOf(yours)]
  const isNew = (tick: string): boolean => !before.has(printOf(tick))
  return [
    ...other.filter((tick) => own.includes(tick) || isNew(tick)),
    ...own.filter((tick) => !other.includes(tick) && isNew(tick)),
  ]
}

type Three = { opened: string; theirs: Values; yours: Values; together?: Kept['together'] }

/** Puts what two people changed into one: a field that only one of them touched takes that one's words, and what both touched keeps yours and is named. Fields that stand together move together; lists are joined tick by tick, unless something else moved that they stand with. */
export function mergeForms({ opened, theirs, yours, together = [] }: Three): {
  values: Values
  meanwhile: Meanwhile
} {
  const before = new URLSearchParams(opened)
  const isList = (field: string): boolean => Array.isArray(theirs[field]) && before.has(field)
  const touched = (values: Values, field: string): boolean =>
    isList(field)
      ? printsOf(values[field]) !== before.get(field)
      : printOf(values[field]) !== (before.get(field) ?? printOf(''))
  const values: Values = { ...yours }
  const meanwhile: Meanwhile = { differ: [], taken: [] }
  const single = Object.keys(theirs).filter((field) => !together.some((unit) => unit.includes(field)))
  for (const unit of [...together, ...single.map((field) => [field])]) {
    const mine = unit.some((field) => touched(yours, field))
    const both = mine && unit.some((field) => touched(theirs, field))
    const onlyTicks = unit.every(
      (field) => isList(field) || !(touched(yours, field) || touched(theirs, field)),
    )
    for (const field of unit) {
      const [other, own] = [theirs[field] ?? '', yours[field] ?? '']
      const joined = both && onlyTicks && isList(field)
      values[field] = joined ? mergeTicks(before.get(field) ?? '', other, own) : mine ? own : other
      if (plain(other) === plain(own)) continue
      const one = !(touched(yours, field) && touched(theirs, field))
      if (both && !joined) meanwhile.differ.push({ field, theirs: other, yours: own, ...(one && { one }) })
      else if (plain(values[field]) !== plain(own)) meanwhile.taken.push(field)
    }
  }
  return { values, meanwhile }
}

/** Answers what a form is shown with: what is kept; after a mistake what was typed, boxes left empty too, which a browser does not send; after somebody else's change both put into one, standing on what is kept now. */
export function shownForm({ values, revision, together }: Kept, back: Back): ShownForm {
  const theirs = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, asValue(value)]))
  const fresh = { revision: String(revision), opened: openedWith(theirs) }
  if (!back) return { values: theirs, ...fresh, meanwhile: null }
  const empty = Object.fromEntries(Object.keys(theirs).map((field) => [field, '']))
  const yours: Values = { ...empty, ...back.values }
  const sent = { revision: plain(yours['revision']), opened: plain(yours['opened']) }
  if (!back.stale) {
    return { values: yours, ...(sent.revision === '' ? fresh : sent), meanwhile: null }
  }
  return { ...mergeForms({ opened: sent.opened, theirs, yours, ...(together && { together }) }), ...fresh }
}

/** Answers what a form calls its fields, by the names of their sentences. */
export const callField =
  (labels: Readonly<Record<string, MessageKey>>, text: Text) =>
  (field: string): string => {
    const key = labels[field]
    return key === undefined ? field : text(key)
  }
