import { leadView } from '#consent/server/reads/queue.ts'
import { peopleUnder, shownUnder } from '#consent/server/reads/records.ts'
import { mayComeBack } from '#desk/server/pictures.ts'
import { isMessageKey, textIn } from '#kernel/messages.ts'
import { sayDays } from '#kernel/times.ts'
import { shownNow } from '#stories/server/reads/shown.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { waitingLines } from '../../../pictures/lines.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { organisation, may } = await parent()
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const [people, shown] = await Promise.all([
    peopleUnder(db, viewer, organisation.id),
    shownUnder(db, viewer, organisation.id),
  ])
  const lead = may.lead ? await leadView(db, viewer, organisation.id, now) : null
  const back = await mayComeBack(db, viewer, organisation.id)
  const ends = lead?.runsOut ?? []
  const titles = await storyTitles(db, [
    ...new Set([...shown, ...ends].flatMap(({ surface }) => surface ?? [])),
  ])
  // What is kept safe is not among the titles, and nothing here tells of it, no count either.
  const seen = await shownNow(db, [...titles.keys()], now)
  const stories = shown.flatMap(({ surface, state: kept, reasons }) => {
    const title = titles.get(surface)
    if (title === undefined) return []
    const state = kept === 'live' && !seen.has(surface) ? 'held' : kept
    const keys = reasons.map((why) => `consent.why.${why}`)
    return [{ surface, title, state, why: keys.flatMap((key) => (isMessageKey(key) ? text(key) : [])) }]
  })
  const count = (state: string): number => stories.filter((one) => one.state === state).length
  const day = (moment: Date): string => moment.toISOString().slice(0, 10)
  return {
    people,
    mayComeBack: back.length,
    counts: lead && { shown: count('live'), held: count('held'), hidden: count('hidden') },
    waiting: lead ? await waitingLines(locals, lead.waiting) : [],
    runsOut: ends.map(({ person, label, ends: end, why, surface }) => ({
      person,
      words: text(`organisations.shown.runs.${why}`, {
        label,
        day: sayDays(day(end), day(end), language),
        title: (surface === null ? null : titles.get(surface)) ?? text('organisations.shown.series'),
      }),
    })),
    stories,
  }
}
