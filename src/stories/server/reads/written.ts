import type { Written } from '#consent/names.ts'
import type { Db } from '#platform/server/db.ts'
import { openingOf } from '#stories/telling.ts'
import { wholeText } from '#stories/server/reads/shown.ts'

/** Answers every word that goes with a story, each with where it stands: title, text (also as it reads without its marks), who tells, place, address, drawing, links and what was read there, activity, group, captions and words for pictures. Photographs have no file name: they are served by number. */
export async function writtenIn(db: Db, story: string): Promise<Written[]> {
  const found = await db
    .selectFrom('stories as s')
    .leftJoin('linkedPosts as l', (on) => on.onRef('l.story', '=', 's.id').onRef('l.address', '=', 's.link'))
    .leftJoin('activities as a', 'a.id', 's.activity')
    .leftJoin('groups as g', 'g.id', 's.group')
    .select(['s.slug', 's.title', 's.body', 's.authorName', 's.withName', 's.town', 's.drawingWords'])
    .select(['s.link', 's.linkTitle', 's.linkWords', 'l.site', 'l.title as there', 'l.words as thereWords'])
    .select(['a.title as activity', 'g.name as group'])
    .where('s.id', '=', story)
    .executeTakeFirst()
  if (!found) return []
  const pictures = await db
    .selectFrom('versions as v')
    .select(['v.words', 'v.caption', 'v.number'])
    .where('v.surface', '=', story)
    .where('v.state', 'not in', ['refused', 'purged'])
    .orderBy('v.position')
    .orderBy('v.created')
    .execute()
  const { title, body, authorName, withName, town, slug, link } = found
  const texts: [Written['place'], number | null, (string | null)[]][] = [
    ['title', null, [title]],
    ['text', null, [body, openingOf(body, wholeText)]],
    ['teller', null, [authorName, withName]],
    ['town', null, [town]],
    ['address', null, [slug]],
    ['drawing', null, [found.drawingWords]],
    ['link', null, [link, found.linkTitle, found.linkWords, found.site, found.there, found.thereWords]],
    ['activity', null, [found.activity, found.group]],
    ...pictures.flatMap((one): [Written['place'], number | null, (string | null)[]][] => [
      ['caption', one.number, [one.caption]],
      ['picture', one.number, [one.words]],
    ]),
  ]
  return texts.map(([place, number, all]) => ({
    place,
    number,
    words: all.filter((one) => one !== null && one !== '').join('\n'),
  }))
}
