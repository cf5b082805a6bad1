import { textIn } from '#kernel/messages.ts'
import type { AgeBand } from '#kernel/permission-words.ts'
import { sayMonth } from '#kernel/times.ts'
import { bandOn } from '#organisations/supported.ts'
import { supportedPeople } from '#organisations/server/reads/people.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent, url }) => {
  const { organisation } = await parent()
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const sinceWhen = (band: AgeBand, day: string): string =>
    text('organisations.people.since', { age: text(`organisations.band.${band}`), day })
  const people = await supportedPeople(db, viewer, organisation.id, now)
  return {
    saved: url.searchParams.has('saved'),
    people: people.map(({ id, label, colour, ageBand, nextChange, parted }) => ({
      id,
      label,
      colour,
      parted: parted !== null,
      band: text(`organisations.band.${ageBand}`),
      next:
        nextChange &&
        sinceWhen(bandOn({ ageBand, nextChange }, nextChange).ageBand, sayMonth(nextChange, language)),
    })),
  }
}
