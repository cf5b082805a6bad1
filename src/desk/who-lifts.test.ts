import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideActivity, restoreActivity } from '#activities/server/writes/review.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { linkHand } from '#consent/server/hands.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { bringBackPictures, hiddenPictures } from '#desk/server/pictures.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { restoreSubject } from '#desk/server/writes.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { publishStory, restoreStory } from '#stories/server/writes/review.ts'
import { stageFor, tellAndAgree } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink, makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
const reason = 'A mistake.'
const forbidden = { kind: 'forbidden' }
let maker: Viewer
let publisher: Viewer

beforeAll(async () => {
  await makeWeek(db)
  maker = await makeAccount(db, 'maker', { role: 'reviewer' })
  publisher = await makeAccount(db, 'publisher', { role: 'reviewer' })
})
beforeEach(async () => {
  for (const table of ['concerns', 'stories', 'activities', 'imports'] as const)
    await db.deleteFrom(table).execute()
})

/** Presses the first door of /report without a name, and answers the concern. */
async function takenDown(about: string): Promise<string> {
  const form = { formKey: '', door: 'take-down' as const, about, words: null, email: null, country: null }
  await raiseConcern(db, anybody, form, now)
  return (await db.selectFrom('concerns').select('id').orderBy('created', 'desc').executeTakeFirstOrThrow())
    .id
}
const own = { account: () => maker.account, email: () => maker.email ?? '' }

describe('an activity that somebody asked to be taken down', () => {
  const stateOf = async (id: string) =>
    (await db.selectFrom('activities').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
  const made: [string, () => Promise<{ id: string; slug: string }>][] = [
    ['hosts it, by account', () => makeActivity(db, { account: own.account() })],
    ['hosts it, by link', () => makeActivity(db, { hostEmail: own.email() })],
    [
      'helps to host it',
      async () => {
        const activity = await makeActivity(db, { hostEmail: 'host@people.test' })
        await makeHostLink(db, activity.id, own.email())
        return activity
      },
    ],
    [
      'brought it in with many',
      async () => {
        const { id } = await db
          .insertInto('imports')
          .values({ account: own.account(), week: 2027, source: 'file.csv', state: 'done' })
          .returning('id')
          .executeTakeFirstOrThrow()
        return makeActivity(db, { import: id })
      },
    ],
    [
      'changed it with its link while signed in',
      async () => {
        const activity = await makeActivity(db)
        await db
          .insertInto('activityChanges')
          .values({ activity: activity.id, account: own.account(), byHost: true, at: now })
          .execute()
        return activity
      },
    ],
  ]
  test.each(made)('is not brought back by whoever %s', async (_how, make) => {
    const { id, slug } = await make()
    const concern = await takenDown(`/activities/${slug}`)
    await expect(restoreActivity(db, maker, { id, reason }, now)).rejects.toMatchObject(forbidden)
    await expect(restoreSubject(db, maker, { id: concern, reason }, now)).rejects.toMatchObject(forbidden)
    expect(await stateOf(id)).toBe('withdrawn')
    await restoreSubject(db, publisher, { id: concern, reason }, now)
    expect(await stateOf(id)).toBe('published')
  })

  test('is brought back by whoever published it, unless they host it', async () => {
    const { id, slug } = await makeActivity(db, { state: 'waiting' })
    await decideActivity(db, publisher, { id, revision: 1, decision: 'publish', reason: null }, now)
    await takenDown(`/activities/${slug}`)
    await restoreActivity(db, publisher, { id, reason }, now)
    expect(await stateOf(id)).toBe('published')
  })
})

describe('a story that somebody asked to be taken down', () => {
  const stateOf = async (id: string) =>
    (await db.selectFrom('stories').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
  const made: [string, () => Promise<{ id: string; slug: string }>][] = [
    ['tells it, by account', () => makeStory(db, { account: own.account() })],
    ['tells it, by link', () => makeStory(db, { email: own.email() })],
    [
      'changed it with its link while signed in',
      async () => {
        const story = await makeStory(db)
        await db
          .insertInto('storyChanges')
          .values({ story: story.id, account: own.account(), byTeller: true, at: now })
          .execute()
        return story
      },
    ],
    [
      'hosts what it reports on',
      async () => {
        const activity = await makeActivity(db, { hostEmail: own.email() })
        return makeStory(db, { activity: activity.id, fromReport: true, email: 'co-host@people.test' })
      },
    ],
  ]
  test.each(made)('is not brought back by whoever %s', async (_how, make) => {
    const { id, slug } = await make()
    const concern = await takenDown(`/stories/${slug}`)
    const { revision } = await db
      .selectFrom('stories')
      .select('revision')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await expect(restoreStory(db, maker, { id, reason }, now)).rejects.toMatchObject(forbidden)
    await expect(publishStory(db, maker, { id, revision, reason }, now)).rejects.toMatchObject(forbidden)
    await expect(restoreSubject(db, maker, { id: concern, reason }, now)).rejects.toMatchObject(forbidden)
    expect(await stateOf(id)).toBe('hidden')
    await restoreSubject(db, publisher, { id: concern, reason }, now)
    expect(await stateOf(id)).toBe('published')
  })

  test('is brought back by whoever published it, unless they tell it', async () => {
    const { id, slug } = await makeStory(db, { state: 'waiting', published: null })
    await publishStory(db, publisher, { id, revision: 1, reason: null }, now)
    await takenDown(`/stories/${slug}`)
    await restoreStory(db, publisher, { id, reason }, now)
    expect(await stateOf(id)).toBe('published')
  })

  test('with pictures that somebody else sent is brought back by neither of the two', async () => {
    const stage = await stageFor(db)
    const sent = await makeAccount(db, 'sent', { role: 'reviewer' })
    const story = await makeStory(db, { email: own.email() })
    await tellAndAgree({ ...stage, teacher: sent, by: sent.account ?? '' }, now, { surface: story.id })
    const concern = await takenDown(`/stories/${story.slug}`)
    for (const viewer of [maker, sent])
      await expect(restoreSubject(db, viewer, { id: concern, reason }, now)).rejects.toMatchObject(forbidden)
    expect(await stateOf(story.id)).toBe('hidden')
    await restoreSubject(db, publisher, { id: concern, reason }, now)
    expect(await stateOf(story.id)).toBe('published')
  })
})

describe('pictures that were taken down', () => {
  test('are brought back by somebody who neither sent them, by account or by link, nor tells their story', async () => {
    const stage = await stageFor(db)
    const [byLink, byAccount] = [
      await makeAccount(db, 'by-link', { role: 'reviewer' }),
      await makeAccount(db, 'by-account', { role: 'reviewer' }),
    ]
    const hands: [Viewer, string][] = [
      [byLink, linkHand(byLink.email ?? '')],
      [byAccount, byAccount.account ?? ''],
    ]
    for (const [sender, by] of hands) {
      const { id: surface } = await makeStory(db, { email: own.email() })
      const { version } = await tellAndAgree({ ...stage, by }, now, { surface })
      const seen = async () =>
        (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
      await takeDown(db, anybody, { surface, own: false }, now)
      for (const viewer of [sender, maker]) {
        await expect(hiddenPictures(db, viewer, surface, now)).rejects.toMatchObject({ kind: 'missing' })
        const press = bringBackPictures(db, viewer, { surface, reason }, now)
        await expect(press).rejects.toMatchObject(forbidden)
      }
      expect(await seen()).toBe(false)
      await bringBackPictures(db, publisher, { surface, reason }, now)
      expect(await seen()).toBe(true)
    }
  })

  test('are brought back by nobody while they are kept for somebody’s safety, nor where their story is hidden', async () => {
    const stage = await stageFor(db)
    const story = await makeStory(db)
    const { surface } = await tellAndAgree(stage, now, { surface: story.id })
    await takenDown(`/stories/${story.slug}`)
    const press = bringBackPictures(db, publisher, { surface, reason }, now)
    await expect(press).rejects.toMatchObject({ kind: 'missing' })
  })
})
