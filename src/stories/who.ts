import * as v from 'valibot'
import { cleanLine } from '#kernel/words.ts'
import { ageBands, modes, type AgeBand, type Mode } from '#kernel/permission-words.ts'
import type { Shown, Who } from '#consent/permission.ts'

/** How many people one form asks about; whoever needs more says them in a second picture's form. */
export const mostPeople = 12

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const seenWords = ['yes', 'no-sign', 'no'] as const

/** Says of one row of the form who it is; null for a row that was left empty. */
function whoOf(form: Record<string, unknown>, at: number): Who | null {
  const word = (name: string): string => {
    const value = form[`person.${at}.${name}`]
    return typeof value === 'string' ? cleanLine(value) : ''
  }
  const who = word('who')
  if (who.startsWith('person:') && uuid.test(who.slice(7))) return { person: who.slice(7) }
  if (who.startsWith('supported:') && uuid.test(who.slice(10))) return { supported: who.slice(10) }
  const label = word('label').slice(0, 40)
  if (label === '') return null
  const band = ageBands.find((one) => one === word('age')) ?? ('adult' satisfies AgeBand)
  const month = /^\d{4}-\d{2}$/.test(word('month')) ? `${word('month')}-01` : null
  return { label, ageBand: band, nextChange: month }
}

function shownOf(form: Record<string, unknown>, at: number): Shown | null {
  const who = whoOf(form, at)
  if (!who) return null
  const given = [form[`person.${at}.modes`]].flat()
  const how = modes.filter((mode) => given.includes(mode))
  const names = typeof form[`person.${at}.names`] === 'string' ? String(form[`person.${at}.names`]) : ''
  const plain: Mode[] = how.length > 0 ? how : ['face', 'body']
  return {
    who,
    modes: plain,
    names: names
      .split(',')
      .map((name) => cleanLine(name).slice(0, 60))
      .filter(Boolean)
      .slice(0, 10),
    seen: seenWords.find((one) => one === form[`person.${at}.seen`]) ?? null,
  }
}

/** Who is in a picture, as a form says it: rows of people, or "nobody can be recognised". */
export const whoInput = v.pipe(
  v.looseObject({
    version: v.pipe(v.string('input.choose'), v.uuid('input.choose')),
    nobody: v.optional(v.string(), ''),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const form = dataset.value
    const people = Array.from({ length: mostPeople }, (_, at) => shownOf(form, at)).filter(
      (one) => one !== null,
    )
    const nobody = form.nobody === 'yes'
    if (!nobody && people.length === 0) {
      addIssue({
        message: 'stories.who.nobody-said',
        path: [{ type: 'object', origin: 'value', input: form, key: 'people', value: null }],
      })
      return NEVER
    }
    return { version: form.version, people, nobody }
  }),
)
export type WhoInput = v.InferOutput<typeof whoInput>
