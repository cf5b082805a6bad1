import * as v from 'valibot'
import { seenWords, type Shown, type Who } from '#consent/permission.ts'
import { formKey, westernDigits } from '#kernel/input.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { ageBands, modes, type Mode } from '#kernel/permission-words.ts'
import { realDay } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'
import { looksLikeName } from '#organisations/label.ts'

/** How many people one picture takes. */
export const mostPeople = 40
/** How many people nobody here knows can be said with one press. */
export const mostStrangers = 9
/** How many new people one form asks about; it comes back for more. */
export const newRows = 3

/** How somebody can be in a picture, as the form asks it: a picture has no voice. */
export const pictureWays = ['face', 'body', 'name', 'place'] as const satisfies readonly Mode[]
/** Whom a picture is about in which nobody can be recognised: those who are tapped or written down, or nobody in particular. */
export const aboutWhom = ['people', 'thing'] as const
/** How most people are in a picture. */
export const usualModes: readonly Mode[] = ['face', 'body']

type Typed = Record<string, unknown>
type Wrong = { field: string; key: MessageKey }

const all = (typed: Typed, name: string): string[] =>
  [typed[name] ?? []].flat().filter((value) => typeof value === 'string')
const one = (typed: Typed, name: string): string => cleanLine(all(typed, name).at(-1) ?? '')
const namesIn = (words: string): string[] =>
  words
    .split(/[,\n]/)
    .map((name) => cleanLine(name).slice(0, 60))
    .filter(Boolean)
    .slice(0, 10)

/** Says of a tapped tile who it is; null for anything else. */
function tappedOf(key: string): Who | null {
  const [, sort, id = ''] =
    /^(person|supported):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(key) ?? []
  if (sort === undefined) return null
  return sort === 'person' ? { person: id } : { supported: id }
}

/** How somebody is in it and what they showed: their own words where there are any, else what counts for all. */
function howOf(typed: Typed, at: string): Pick<Shown, 'modes' | 'seen' | 'names'> {
  const own = one(typed, `${at}.own`) === 'yes'
  const how = modes.filter((mode) => all(typed, own ? `${at}.how` : 'how').includes(mode))
  const seen = one(typed, own ? `${at}.seen` : 'seen')
  return {
    modes: how.length > 0 ? how : usualModes,
    seen: seenWords.find((word) => word === seen) ?? null,
    names: namesIn(all(typed, `${at}.names`).join(',')),
  }
}

const tapped = (typed: Typed): Shown[] =>
  [...new Set(all(typed, 'in'))].flatMap((key) => {
    const who = tappedOf(key)
    return who ? [{ who, ...howOf(typed, key) }] : []
  })

/** Reads somebody new; null for a row that was left empty. */
function newPerson(typed: Typed, row: number): { shown: Shown | null; wrong: Wrong[] } {
  const field = (name: string): string => `new.${row}.${name}`
  const label = one(typed, field('label'))
  const said = howOf(typed, `new.${row}`)
  if (label === '') {
    const wrong = said.names.length > 0 ? [{ field: field('label'), key: 'input.needed' as const }] : []
    return { shown: null, wrong }
  }
  const wrong: Wrong[] = []
  if (label.length > 40) wrong.push({ field: field('label'), key: 'organisations.people.label-long' })
  else if (looksLikeName(label) && one(typed, field('sure')) === '')
    wrong.push({ field: field('label'), key: 'organisations.people.name' })
  const ageBand = ageBands.find((band) => band === one(typed, field('age'))) ?? 'adult'
  const day = `${westernDigits(one(typed, field('year')))}-${one(typed, field('month')).padStart(2, '0')}-01`
  if (ageBand !== 'adult' && !realDay(day))
    wrong.push({ field: field('year'), key: 'organisations.people.month' })
  return { shown: { who: { label, ageBand, nextChange: ageBand === 'adult' ? null : day }, ...said }, wrong }
}

/** Who is in a picture, as a form says it: tiles that were tapped, somebody new, somebody nobody knows, or "nobody can be recognised", which says whom it is about all the same. */
export const whoInput = v.pipe(
  v.looseObject({
    version: v.pipe(v.string('input.choose'), v.uuid('input.choose')),
    formKey,
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const typed: Typed = dataset.value
    const rows = Array.from({ length: newRows }, (_, row) => newPerson(typed, row))
    const wrong = rows.flatMap((row) => row.wrong)
    const strangers = Math.min(mostStrangers, Number(/^\d$/.exec(one(typed, 'strangers'))?.[0] ?? 0))
    const people = [...tapped(typed), ...rows.flatMap(({ shown }) => (shown ? [shown] : []))]
    const nobody = one(typed, 'nobody') === 'yes'
    const thing = one(typed, 'about') === 'thing'
    if (nobody && !thing && people.length + strangers + wrong.length === 0)
      wrong.push({ field: 'about', key: 'stories.who.nobody-about' })
    if (nobody && thing && people.length > 0)
      wrong.push({ field: 'about', key: 'stories.who.nobody-or-thing' })
    if (!nobody && people.length + strangers + wrong.length === 0)
      wrong.push({ field: 'people', key: 'stories.who.nobody-said' })
    if (nobody && strangers > 0) wrong.push({ field: 'strangers', key: 'stories.who.nobody-strangers' })
    if (people.length + strangers > mostPeople) wrong.push({ field: 'people', key: 'stories.who.too-many' })
    for (const { field, key } of wrong)
      addIssue({
        message: key,
        path: [{ type: 'object', origin: 'value', input: typed, key: field, value: typed[field] }],
      })
    if (wrong.length > 0) return NEVER
    const { version, formKey: key } = dataset.value
    const then = one(typed, 'then')
    const aged = rows.flatMap(({ shown }, row) =>
      shown && 'label' in shown.who ? [{ row, ...shown.who }] : [],
    )
    return {
      version,
      people,
      aged,
      strangers,
      nobody,
      more: then === 'more',
      show: then === 'show',
      formKey: key,
    }
  }),
)
