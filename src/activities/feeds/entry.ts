import type { ActivityView } from '#activities/view.ts'
import type { Span } from '#activities/when.ts'
import type { Language } from '#kernel/messages.ts'
import type { Day } from '#kernel/times.ts'

/** An activity with what a feed says of it beside. */
export type FeedEntry = {
  view: ActivityView
  id: string
  /** Of a series: the day each date was first given, which names it for ever; as many as the view has occurrences. */
  days: Day[] | null
  sequence: number
  updated: Date
  published: Date
  hostName: string
  /** The seven days of its week. */
  week: Span
}

/** What every feed knows of itself. */
export type FeedHead = {
  /** Our address, without a slash behind it. */
  site: string
  title: string
  /** The page that shows the same. */
  page: string
  language: Language
}
