import { doorsOf } from '#letters/server/reads/doors.ts'
import { searchOffices } from '#letters/server/reads/search-offices.ts'
import { nations, type Nation } from '#kernel/permission-words.ts'
import { sayDay } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

const nationIn = (said: string | null): Nation | null => nations.find((nation) => nation === said) ?? null

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, now, language } = locals
  const nation = nationIn(url.searchParams.get('nation'))
  const words = (url.searchParams.get('q') ?? '').slice(0, 100)
  const doors = nation === null ? [] : await doorsOf(db, nation, language)
  const door = doors.find((one) => one.subject === url.searchParams.get('subject')) ?? null
  const { offices, more } = await searchOffices(db, { words, nation, looksFor: door?.looksFor ?? [] }, now)
  return {
    nation,
    nations,
    subjects: doors.map(({ subject, name }) => ({ value: subject, label: name })),
    door: door && { ...door, checked: door.checked && sayDay(door.checked, language, true) },
    words,
    asked: words !== '' || door !== null,
    more,
    offices: offices.map((one) => ({
      ref: one.ref,
      name: one.name ?? one.title ?? one.inside ?? '',
      where: (one.name === null ? [one.title === null ? null : one.inside] : [one.title, one.inside]).filter(
        (part) => part !== null,
      ),
      label: one.label,
      address: one.address !== null,
      email: one.email !== null,
      confirmed: one.confirmed && sayDay(one.confirmed, language, true),
      paused: one.pausedUntil && sayDay(one.pausedUntil, language, true),
    })),
  }
}
