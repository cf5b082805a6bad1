import { leadView } from '#consent/server/reads/queue.ts'
import { peopleUnder, shownUnder } from '#consent/server/reads/records.ts'
import { mayComeBack } from '#desk/server/pictures.ts'
import { numbersOf } from '#media/server/reads.ts'
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
  const numbers = await numbersOf(
    db,
    shown.flatMap(({ waits }) => waits.map(({ version }) => version)),
  )
  const say = (reasons: readonly string[]): string[] =>
    reasons.map((why) => `consent.why.${why}`).flatMap((key) => (isMessageKey(key) ? text(key) : []))
  const stories = shown.flatMap(({ surface, state: kept, reasons, waits }) => {
    const title = titles.get(surface)
    if (title === undefined) return []
    // What waits keeps nobody from seeing the rest of its story.
    const part = seen.has(surface) && kept !== 'live'
    const inOrder = waits.toSorted(
      (one, other) => (numbers.get(one.version) ?? Infinity) - (numbers.get(other.version) ?? Infinity),
    )
    const missing = inOrder.map(({ version, state, reasons: whys }) => {
      const number = numbers.get(version)
      const photograph =
        number === undefined ? text('pictures.one-new') : text('pictures.one', { at: number })
      const words = [`${photograph}: ${text(`organisations.shown.state.${state}`)}.`, ...say(whys)]
      return words.join(' ')
    })
    const state = part ? 'part' : kept === 'live' && !seen.has(surface) ? 'held' : kept
    const slug = seen.get(surface)
    return [{ surface, title, slug, state, why: part ? missing : say(reasons) } as const]
  })
  const count = (state: string): number => stories.filter((one) => one.state === state).length
  const part = count('part')
  const day = (moment: Date): string => moment.toISOString().slice(0, 10)
  return {
    people,
    mayComeBack: back.length,
    counts: lead && { shown: count('live') + part, part, held: count('held'), hidden: count('hidden') },
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
