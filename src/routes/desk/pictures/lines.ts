import type { Waiting } from '#consent/standing.ts'
import { textIn } from '#kernel/messages.ts'
import { numbersOf } from '#media/server/reads.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { sayAge } from '../age.ts'

/** What waits for a second person, as a line of a list. */
export type WaitingLine = {
  href: string
  what: Waiting['what']
  title: string
  /** Which photograph of the story it is; null: no single one. */
  photograph: string | null
  age: string
  old: boolean
}

const pageOf = ({ said, surface, objection, record, what }: Waiting): string => {
  if (what === 'sight') return `/desk/pictures/paper/${surface}`
  if (record !== null) return `/desk/pictures/look/${record}`
  if (said !== null) return `/desk/pictures/${said}`
  return objection === null ? `/desk/pictures/back/${surface}` : `/desk/pictures/no/${objection}`
}

/** Says what waits for a second person: where it is looked at, what it is about, and since when it waits. */
export async function waitingLines(
  { db, now, language }: Pick<App.Locals, 'db' | 'now' | 'language'>,
  waiting: readonly Waiting[],
): Promise<WaitingLine[]> {
  const text = textIn(language)
  const titles = await storyTitles(db, [...new Set(waiting.flatMap(({ surface }) => surface ?? []))])
  // Of a story that is gone, or kept safe, there is nothing to look at.
  const there = waiting.filter(({ surface }) => surface === null || titles.has(surface))
  const numbers = await numbersOf(
    db,
    there.flatMap(({ version }) => version ?? []),
  )
  const photograph = ({ version }: Waiting): string | null => {
    const at = version === null ? undefined : numbers.get(version)
    return at === undefined ? null : text('pictures.one', { at })
  }
  return there.map((one) => ({
    href: pageOf(one),
    what: one.what,
    title:
      one.surface === null
        ? text('desk.pictures.everywhere')
        : (titles.get(one.surface) ?? text('desk.pictures.gone')),
    photograph: photograph(one),
    age: sayAge(one.since, now, text),
    old: now.getTime() - one.since.getTime() > 86_400_000,
  }))
}
