import { sql } from 'kysely'
import type { NameStands, Written } from '#consent/names.ts'
import { foundNames } from '#consent/server/reads/named.ts'
import type { Db } from '#platform/server/db.ts'
import { openingOf } from '#stories/telling.ts'
import { wholeText } from '#stories/server/reads/shown.ts'

/** Answers every word that goes with a story, each with where it stands: title, text (also as it reads without its marks), who tells, place, address, drawing, links and what was read there, activity, its host, group, captions and words for pictures. Photographs have no file name: they are served by number. */
export async function writtenIn(db: Db, story: string): Promise<Written[]> {
  const found = await db
    .selectFrom('stories as s')
    .leftJoin('linkedPosts as l', (on) => on.onRef('l.story', '=', 's.id').onRef('l.address', '=', 's.link'))
    .leftJoin('activities as a', 'a.id', 's.activity')
    .leftJoin('groups as g', 'g.id', 's.group')
    .select(['s.slug', 's.title', 's.body', 's.authorName', 's.withName', 's.town', 's.drawingWords'])
    .select(['s.link', 's.linkTitle', 's.linkWords', 'l.site', 'l.title as there', 'l.words as thereWords'])
    .select(['a.title as activity', 'a.hostName as host', 'g.name as group'])
    .where('s.id', '=', story)
    .executeTakeFirst()
  if (!found) return []
  const pictures = await db
    .selectFrom('versions as v')
    .select(['v.id', 'v.words', 'v.caption', 'v.number'])
    .where('v.surface', '=', story)
    .where('v.state', 'not in', ['refused', 'purged'])
    .orderBy('v.position')
    .orderBy('v.created')
    .execute()
  const { title, body, authorName, withName, town, slug, link } = found
  const ofStory = (place: Written['place'], all: Words): Written => at(place, null, all)
  return [
    ofStory('title', [title]),
    ofStory('text', [body, openingOf(body, wholeText)]),
    ofStory('teller', [authorName, withName]),
    ofStory('town', [town]),
    ofStory('address', [slug]),
    ofStory('drawing', [found.drawingWords]),
    ofStory('link', [link, found.linkTitle, found.linkWords, found.site, found.there, found.thereWords]),
    ofStory('activity', [found.activity, found.host, found.group]),
    ...pictures.flatMap((one) => [at('caption', one, [one.caption]), at('picture', one, [one.words])]),
  ]
}

type Words = readonly (string | null)[]
const at = (
  place: Written['place'],
  of: { id: string; number: number | null } | null,
  all: Words,
): Written => ({
  place,
  version: of?.id ?? null,
  number: of?.number ?? null,
  words: all.filter((one) => one !== null && one !== '').join('\n'),
})

/** Answers whose names stand with a story and where: in its words, or, as whoever tells it said, in a picture itself. */
export async function namesStanding(db: Db, story: string): Promise<NameStands[]> {
  const marked = await db
    .selectFrom('appearances as a')
    .innerJoin('versions as v', 'v.id', 'a.version')
    .select(['a.person', 'v.id', 'v.number'])
    .where('a.surface', '=', story)
    .where('a.person', 'is not', null)
    .where('a.ended', 'is', null)
    .where(sql<boolean>`'name' = any(a.modes)`)
    .where('v.state', 'not in', ['refused', 'purged'])
    .limit(200)
    .execute()
  const all = [
    ...(await foundNames(db, story, await writtenIn(db, story))),
    ...marked.map(({ person, id, number }) => ({
      person: person ?? '',
      where: [{ place: 'marked' as const, version: id, number }],
    })),
  ]
  return [...Map.groupBy(all, ({ person }) => person)].map(([person, of]) => ({
    person,
    where: of.flatMap(({ where }) => where),
  }))
}
