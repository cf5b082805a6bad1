import { nations, type Nation } from '#kernel/permission-words.ts'
import { bodyIn } from '#letters/choice.ts'
import { doorsOf, type Door } from '#letters/server/reads/doors.ts'
import type { OfficeSearch } from '#letters/server/reads/search-offices.ts'

/** What the page was asked, as its address and its form have it. */
export type Asked = {
  nation: string | null
  subject: string | null
  q: string | null
  in: string | null
  choice: string | null
}

const names = ['nation', 'subject', 'q', 'in', 'choice'] as const

export const askedIn = (query: URLSearchParams): Asked => ({
  nation: query.get('nation'),
  subject: query.get('subject'),
  q: query.get('q'),
  in: query.get('in'),
  choice: query.get('choice'),
})

/** Answers what was asked as the end of an address; empty when nothing was. */
export const queryOf = (asked: Asked): string =>
  new URLSearchParams(names.flatMap((name) => (asked[name] ? [[name, asked[name]]] : []))).toString()

const nationIn = (said: string | null): Nation | null => nations.find((nation) => nation === said) ?? null

/** Answers what is searched for: the words, the nation, whom the door looks for, the body. */
export async function searchOf(
  { db, language }: App.Locals,
  asked: Asked,
): Promise<{ search: OfficeSearch; nation: Nation | null; doors: Door[]; door: Door | null }> {
  const nation = nationIn(asked.nation)
  const doors = nation === null ? [] : await doorsOf(db, nation, language)
  const door = doors.find((one) => one.subject === asked.subject) ?? null
  const search = {
    words: (asked.q ?? '').slice(0, 100),
    nation,
    looksFor: door?.looksFor ?? [],
    inside: bodyIn(asked.in),
  }
  return { search, nation, doors, door }
}
