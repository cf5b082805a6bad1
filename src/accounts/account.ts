import * as v from 'valibot'
import { email, formKey, maybeLine, oneOf } from '#kernel/input.ts'
import { languages, type Language } from '#kernel/messages.ts'
import { type Day, realDay } from '#kernel/times.ts'
import { roleCodes, type Role, type RoleCode } from '#kernel/viewer.ts'

/** Somebody who helps to look after the site. */
export type Person = { account: string; name: string; email: string; language: Language }

/** A role that somebody has. */
export type GivenRole = Role & { id: string; account: string; name: string; email: string; created: Date }

export const dutyParts = ['duty', 'backup'] as const
export type DutyPart = (typeof dutyParts)[number]

/** Who looks after the queue on a day, and who steps in when nobody answers within 24 hours. */
export type Duty = { duty: Person[]; backup: Person[] }
export type RosterDay = { day: Day } & Duty

/** An own account, as its owner sees it. */
export type OwnAccount = {
  id: string
  name: string
  email: string
  language: Language
  trusted: boolean
  created: Date
  /** When it will be erased, because its owner wants it gone; until then they can change their mind. */
  erasing: Date | null
  roles: GivenRole[]
}

/** How long an account that its owner wants gone can be brought back, days. */
export const leavingDays = 7

/** With fewer than three who can review, one holiday and one illness stop the list. */
export const enoughReviewers = 3
/** How far ahead the roster is planned, days. */
export const rosterDays = 28

/** Answers what somebody is called on the desk: the name, or what stands before the @. */
export const calledName = (person: { name: string; email: string }): string =>
  person.name === '' ? (person.email.split('@')[0] ?? person.email) : person.name

/** Answers an address of this site to go to after signing in; anything else leads home to the own page. */
export const safeNext = (words: string | null | undefined): string =>
  words && /^\/(?![/\\])[^\s\\]{0,500}$/.test(words) ? words : '/me'

const maybeId = v.pipe(
  v.optional(v.string(), ''),
  v.check((value) => value === '' || /^[0-9a-f-]{36}$/.test(value), 'input.choose'),
  v.transform((value) => (value === '' ? null : value)),
)
const id = v.pipe(v.optional(v.string(), ''), v.regex(/^[0-9a-f-]{36}$/, 'input.choose'))

/** An address to which a sign-in can be mailed: what keeps the accounts takes no other. */
const ownEmail = v.pipe(
  email,
  v.regex(/^(?!\.)(?!.*\.\.)[a-z0-9_'+.-]*[a-z0-9_+-]@([a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/, 'input.email'),
)
export const askInput = v.object({ email: ownEmail, next: v.optional(v.string(), ''), formKey })
export const tokenInput = v.object({ token: v.pipe(v.string(), v.maxLength(200)) })
export const ownInput = v.object({ name: maybeLine(80), language: oneOf(languages as ['en']) })
export const giveInput = v.object({
  email,
  role: oneOf(roleCodes),
  name: maybeLine(80),
  group: maybeId,
  organisation: maybeId,
})
export const takeInput = v.object({ id })
/** What the roster says from a day on: for each day who is on duty and who is the backup; null is nobody. */
export type Plan = { from: Day; days: { day: Day; duty: string | null; backup: string | null }[] }

/** Reads the roster's form: `from`, `repeat`, and for each day `duty-2027-10-18` and `backup-2027-10-18`. */
export const rosterForm = v.pipe(
  v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  v.transform((values) => {
    const one = (name: string): string => [values[name] ?? ''].flat()[0] ?? ''
    const days = new Set(
      Object.keys(values).flatMap((name) => {
        const day = /^(?:duty|backup)-(.+)$/.exec(name)?.[1] ?? ''
        return realDay(day) ? [day] : []
      }),
    )
    return {
      from: one('from'),
      repeat: one('repeat') === 'yes',
      days: [...days].toSorted().map((day) => ({
        day,
        duty: one(`duty-${day}`) || null,
        backup: one(`backup-${day}`) || null,
      })),
    }
  }),
  v.check((plan) => realDay(plan.from), 'input.day'),
)

/** Answers the plan, with its first seven days repeated over the others when that was asked for. */
export function repeatWeek(plan: Plan & { repeat: boolean }): Plan {
  const { from, days } = plan
  if (!plan.repeat) return { from, days }
  const first = days.slice(0, 7)
  return {
    from,
    days: days.map((one, index) => ({ ...one, ...first[index % 7], day: one.day })),
  }
}

export type GiveRole = {
  email: string
  role: RoleCode
  group?: string | null
  organisation?: string | null
  name?: string | null
}
