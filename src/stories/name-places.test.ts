import * as v from 'valibot'
import { expect, test } from 'vitest'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { editStory } from '#stories/server/writes/edit.ts'
import { noticeNamesOf } from '#stories/server/writes/follow.ts'
import { namesStanding } from '#stories/server/reads/written.ts'
import { editedStory } from '#stories/story.ts'
import { adult, makePicture, placing, stageFor } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory, makeStoryLink, makeWeek } from '../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const stage = await stageFor(db)
const young = { label: 'Z.N.', ageBand: '16-17' as const, nextChange: '2028-05-01' }

let count = 0
type Over = Parameters<typeof makeStory>[1]
/** A story with a picture of a young person whose whole name and nickname were typed. */
async function pictured(over: Over = {}, words?: { words?: string; caption?: string }) {
  const { id } = await makeStory(db, { title: 'A drum', slug: `a-drum-${(count += 1)}`, ...over })
  const { version } = await makePicture(db, { surface: id })
  if (words) await db.updateTable('versions').set(words).where('id', '=', version).execute()
  await placeVersion(db, stage.teacher, placing(stage, { surface: id, version }), now)
  const people = [adult({ who: young, names: ['Zoltan Nagy', 'Zoli'] })]
  const saying = { surface: id, version, people, nobody: false, by: stage.by }
  const { people: ids } = await sayWhoIsIn(db, stage.teacher, saying, now)
  return { id, version, person: ids[0] ?? '' }
}
const namedOn = async (surface: string): Promise<number> => {
  await noticeNamesOf(db, stage.teacher, { story: surface }, now)
  const rows = await db
    .selectFrom('appearances')
    .select('modes')
    .where('surface', '=', surface)
    .where('version', 'is', null)
    .where('ended', 'is', null)
    .execute()
  return rows.filter(({ modes }) => modes.includes('name')).length
}

const places: [string, Over, { words?: string; caption?: string }?][] = [
  ['title', { title: 'We met ZOLTÁN by the river' }],
  ['text', { body: 'Then Zoltáns drum answered.' }],
  ['text, taken apart by marks', { body: 'Then **Z**oltan answered.' }],
  ['name of who tells', { authorName: 'Nagy Zoltán' }],
  ['name of who told with them', { withName: 'Zoli' }],
  ['town', { town: 'Nagyfa, Nagy' }],
  ['words for a drawing', { drawingWords: 'Zoltan, drawn' }],
  ['address of a link', { link: 'https://example.org/zoltan-nagy' }],
  ['title of a link', { link: 'https://example.org/', linkTitle: "Zoltan's film" }],
  ['words of a link', { link: 'https://example.org/', linkWords: 'Zoltan sings' }],
  ['caption', {}, { caption: 'Zoltan at the drum' }],
  ['words for a picture', {}, { words: 'Zoltan at the drum' }],
]

test.each(places)('rule 14: a first name beside a young face is found in the %s', async (_, over, words) => {
  expect(await namedOn((await pictured(over, words)).id)).toBe(1)
})

test('rule 14: a first name beside a young face is found in the title of the activity', async () => {
  const { id: activity } = await makeActivity(db, { title: 'Zoltan’s river walk' })
  expect(await namedOn((await pictured({ activity })).id)).toBe(1)
})

test('rule 14: a name that whoever tells it takes out of the words is gone from the address as well, in the same press', async () => {
  const { id, person } = await pictured({
    title: 'Zoltan by the river',
    slug: `zoltan-by-the-river-${(count += 1)}`,
  })
  const open = async () => (await namesStanding(db, id)).map(({ where }) => where.map(({ place }) => place))
  await noticeNamesOf(db, stage.teacher, { story: id }, now)
  expect(await open()).toEqual([['title', 'address']])
  const token = await makeStoryLink(db, id)
  const row = await db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const fields = { title: 'By the river', body: row.body, authorName: row.authorName, kind: 'conversation' }
  const form = { ...fields, country: 'GB', town: 'Leeds', token, revision: String(row.revision), as: 'send' }
  await editStory(db, stage.teacher, v.parse(editedStory, form), now)
  expect(await open()).toEqual([])
  const after = await db.selectFrom('stories').select('slug').where('id', '=', id).executeTakeFirstOrThrow()
  expect(after.slug).toMatch(/^by-the-river-/)
  const left = await db
    .selectFrom('appearances')
    .select('ended')
    .where('person', '=', person)
    .where('version', 'is', null)
    .execute()
  expect(left.map(({ ended }) => ended)).not.toContain(null)
})

test('rule 14: an address that alone names a young person becomes another one', async () => {
  const { id } = await pictured({ slug: 'we-met-zoltan-by-the-river' })
  expect(await namedOn(id)).toBe(0)
  const { slug } = await db
    .selectFrom('stories')
    .select('slug')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(slug).toMatch(/^a-drum-/)
})

test('where nobody is named, nobody is found', async () => {
  expect(await namedOn((await pictured({ title: 'By the river', body: 'We hummed.' })).id)).toBe(0)
})
