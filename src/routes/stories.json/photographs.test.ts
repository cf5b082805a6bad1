import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { anybody } from '#kernel/viewer.ts'
import { asking, deciding, stageFor, tellAndCheck } from '../../../test/consent/stage.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeStory, makeWeek } from '../../../test/make.ts'
import { ask } from '../../../test/pages.ts'
import { GET } from './+server.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')
const stage = await stageFor(db)

type Told = { slug: string; html: string; media: unknown[] }
const told = async (slug: string): Promise<[number | undefined, boolean | undefined]> => {
  const answer = await ask(GET as (event: never) => Promise<Response>, { path: '/stories.json', db, now })
  const { stories } = (await answer.json()) as { stories: Told[] }
  const one = stories.find((story) => story.slug === slug)
  return [one?.media.length, one?.html.includes('/media/')]
}

test.each([
  { said: 5, is: [0, false] },
  { said: 6, is: [1, true] },
] as const)(
  'a photograph allowed as far as $said: photographs, and in the text: $is',
  async ({ said, is }) => {
    const story = await makeStory(db, { body: 'She.\n\n[picture 1]' })
    const { version, person } = await tellAndCheck(stage, now, { surface: story.id })
    const wish = asking({ surface: story.id, person, by: stage.by, circle: 6 })
    const link = await requestPermission(db, stage.teacher, wish, now)
    await decide(db, anybody, { ...deciding(link), circle: said }, now)
    await db
      .insertInto('renditions')
      .values({ version, width: 640, height: 480, format: 'webp', bytes: 1, key: randomUUID() })
      .execute()
    expect(await told(story.slug)).toEqual(is)
  },
)
