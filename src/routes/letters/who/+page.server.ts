import { mostOffices, officeRef } from '#letters/letter.ts'
import { doorsOf } from '#letters/server/reads/doors.ts'
import { officesBy } from '#letters/server/reads/offices.ts'
import { searchOffices } from '#letters/server/reads/search-offices.ts'
import { nations, type Nation } from '#kernel/permission-words.ts'
import { sayDay } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

const nationIn = (said: string | null): Nation | null => nations.find((nation) => nation === said) ?? null

/** Writes the address of a page that knows which offices were chosen. */
const withOffices = (path: string, rest: URLSearchParams, refs: readonly string[]): string => {
  const query = new URLSearchParams([...rest, ...refs.map((ref) => ['office', ref])])
  return query.size > 0 ? `${path}?${query.toString().replaceAll('%3A', ':')}` : path
}

const asked = ['nation', 'subject', 'q']

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, now, language } = locals
  const said = new URLSearchParams([...url.searchParams].filter(([name]) => asked.includes(name)))
  const nation = nationIn(url.searchParams.get('nation'))
  const words = (url.searchParams.get('q') ?? '').slice(0, 100)
  const doors = nation === null ? [] : await doorsOf(db, nation, language)
  const door = doors.find((one) => one.subject === url.searchParams.get('subject')) ?? null
  const given = [...new Set(url.searchParams.getAll('office'))].filter((one) => officeRef.test(one))
  const [{ offices, more }, chosen] = await Promise.all([
    searchOffices(db, { words, nation, looksFor: door?.looksFor ?? [] }, now),
    officesBy(db, given.slice(0, mostOffices), now),
  ])
  const refs = chosen.map(({ ref }) => ref)
  return {
    nation,
    nations,
    subjects: doors.map(({ subject, name }) => ({ value: subject, label: name })),
    door: door && { ...door, checked: door.checked && sayDay(door.checked, language, true) },
    words,
    asked: words !== '' || door !== null,
    more,
    chosen: chosen.map(({ ref, label }) => ({
      ref,
      label,
      without: withOffices(
        '/letters/who',
        said,
        refs.filter((one) => one !== ref),
      ),
    })),
    full: chosen.length >= mostOffices,
    most: mostOffices,
    offices: offices.map((one) => ({
      ref: one.ref,
      chosen: refs.includes(one.ref),
      with: withOffices(
        refs.length > 0 ? '/letters/who' : '/letters/new',
        refs.length > 0 ? said : new URLSearchParams(),
        [...refs, one.ref],
      ),
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
