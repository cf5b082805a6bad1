import type { RequestEvent } from '@sveltejs/kit'
import { readFilter } from '#stories/filter.ts'
import { currentWeek, weekByYear } from '#weeks/server/reads.ts'
import { askedOf } from '../asked.ts'

/** Reads which stories are asked for, with the week they are asked of: the one named, else the current one; null when there is none. */
export const storiesAsked = ({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>) =>
  askedOf(locals, readFilter(url.searchParams), (year) =>
    year === null ? currentWeek(locals.db, locals.now) : weekByYear(locals.db, locals.viewer, year),
  )

/** Reads which page of a list is asked for; the first when it says nothing that can be meant. */
export function pageAsked(url: URL): number {
  const asked = url.searchParams.get('page') ?? ''
  return /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1
}
