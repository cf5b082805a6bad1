import { sayBad } from '#activities/filter-words.ts'
import { textIn } from '#kernel/messages.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { askFor, noFilter } from '#stories/filter.ts'
import { storiesOf } from '#stories/server/reads/wall.ts'
import { openingOf } from '#stories/telling.ts'
import { toldBy, whereOf } from '#stories/words.ts'
import { storiesAsked } from '../asked.ts'
import type { PageServerLoad } from './$types'

/** Seconds a story stays before the next one comes, once somebody has asked for that. */
const stays = 25
/** Seconds after which a story that stays is asked for again: somebody may have said no. */
const again = 45
/** How many of the newest stories are shown in turn. */
const newest = 200
/** Letters that can be read across a room. */
const readable = 300

export const load: PageServerLoad = async (event) => {
  const { locals, url } = event
  const { db, now, language } = locals
  const { filter: asked, bad, week } = await storiesAsked(event)
  const one = (page: number) =>
    storiesOf(db, { ...noFilter, week: week?.year ?? 0, page, limit: 1 }, now, { most: newest })
  let page = asked.page
  let wall = await one(page)
  // Stories that were hidden since make the wall shorter: begin again.
  if (wall.stories.length === 0 && wall.total > 0) {
    page = 1
    wall = await one(page)
  }
  const address = (to: number, plays: boolean): string => {
    const ask = askFor({ ...noFilter, week: asked.week, page: to })
    return `/stories/screen${ask}${plays ? `${ask === '' ? '?' : '&'}play` : ''}`
  }
  const plays = url.searchParams.has('play') && wall.total > 0
  const next = page < wall.total ? page + 1 : 1
  const story = wall.stories.at(0)
  return {
    week: week?.name ?? null,
    bad: bad.map((one) => sayBad(one, textIn(language))),
    plays,
    stays: plays ? stays : again,
    page,
    total: wall.total,
    links: {
      onward: plays ? address(next, true) : address(page, false),
      next: address(next, false),
      previous: address(page > 1 ? page - 1 : Math.max(1, wall.total), false),
      play: address(page, true),
      pause: address(page, false),
      wall: `/stories${askFor({ ...noFilter, week: asked.week })}`,
    },
    story: story && {
      title: story.title,
      lang: story.language === language ? undefined : story.language,
      opening: openingOf(story.body, readable),
      told: toldBy(story, textIn(language)),
      where: whereOf(story, language),
      drawing: story.drawing,
      picture: story.pictures.at(0) ?? null,
      address: `${siteAddress(readConfig()).replace(/^https?:\/\//, '')}/stories/${story.slug}`,
    },
  }
}
