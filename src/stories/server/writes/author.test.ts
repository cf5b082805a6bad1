import { beforeAll, describe, expect, test } from 'vitest'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { myStories } from '#stories/server/reads/mine.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { authorPage, storyBySlug } from '#stories/server/reads/wall.ts'
import { dropAuthorPage, keepAuthorPage, openOwnStory } from '#stories/server/writes/author.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-22T14:00:00Z')
let sam: Viewer
let jo: Viewer
beforeAll(async () => {
  await makeWeek(db)
  sam = await makeAccount(db, 'sam')
  jo = await makeAccount(db, 'jo')
})
const told = (who: Viewer, over: Parameters<typeof makeStory>[1] = {}) =>
  makeStory(db, { account: who.account, email: who.email, ...over })

describe('a page of one’s own', () => {
  test('shows what was signed with its name and everybody may read, newest first, in pages', async () => {
    const { slug } = await keepAuthorPage(db, sam, { name: 'Sam B' }, now)
    const days = Array.from({ length: 21 }, (_, at) => new Date(now.getTime() - at * 60_000))
    for (const published of days) await told(sam, { authorName: 'Sam B', published })
    const hidden = [
      { state: 'draft' },
      { state: 'hidden' },
      { state: 'withdrawn' },
      { authorName: 'A parent' },
    ] as const
    for (const over of hidden) await told(sam, { authorName: 'Sam B', ...over })
    await told(jo, { authorName: 'Sam B' })
    const first = await authorPage(db, { slug, page: 1 }, now)
    expect([first?.name, first?.pages, first?.stories.length]).toEqual(['Sam B', 2, 20])
    expect(first?.stories.every(({ author }) => author === slug)).toBe(true)
    expect((await authorPage(db, { slug, page: 2 }, now))?.stories).toHaveLength(1)
    expect((await authorPage(db, { slug, page: 3 }, now))?.stories).toEqual([])
  })

  test('counts what came by mail only when the address is proven', async () => {
    const mo = await makeAccount(db, 'mo')
    const { slug } = await keepAuthorPage(db, mo, { name: 'Mo' }, now)
    const { slug: story } = await told(mo, { account: null, authorName: 'Mo' })
    await db.updateTable('accounts').set({ emailVerified: false }).where('id', '=', mo.account).execute()
    expect((await authorPage(db, { slug, page: 1 }, now))?.stories).toEqual([])
    expect((await storyBySlug(db, story, now))?.author).toBeNull()
    await db.updateTable('accounts').set({ emailVerified: true }).where('id', '=', mo.account).execute()
    expect((await authorPage(db, { slug, page: 1 }, now))?.stories).toHaveLength(1)
  })

  test('is gone when its owner takes it away, leaves, or gives it another name', async () => {
    const ada = await makeAccount(db, 'ada')
    const { slug } = await keepAuthorPage(db, ada, { name: 'Ada' }, now)
    expect(await keepAuthorPage(db, ada, { name: 'Ada' }, now)).toEqual({ slug })
    const next = await keepAuthorPage(db, ada, { name: 'Ada L' }, now)
    expect(await authorPage(db, { slug, page: 1 }, now)).toBeNull()
    await db.updateTable('accounts').set({ erasing: now }).where('id', '=', ada.account).execute()
    expect(await authorPage(db, { slug: next.slug, page: 1 }, now)).toBeNull()
    await db.updateTable('accounts').set({ erasing: null }).where('id', '=', ada.account).execute()
    expect(await authorPage(db, { slug: next.slug, page: 1 }, now)).not.toBeNull()
    await dropAuthorPage(db, ada)
    await dropAuthorPage(db, ada)
    expect(await authorPage(db, { slug: next.slug, page: 1 }, now)).toBeNull()
  })

  test('is for somebody signed in', async () => {
    for (const no of [
      keepAuthorPage(db, anybody, { name: 'X' }, now),
      dropAuthorPage(db, anybody),
      openOwnStory(db, anybody, { slug: 'x' }, now),
      myStories(db, anybody, { page: 1 }, now),
    ])
      await expect(no).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

describe('my stories', () => {
  test('are those of my account and of my address, drafts too, and open by a link of their own', async () => {
    const kim = await makeAccount(db, 'kim')
    const draft = await told(kim, { state: 'draft', title: 'A draft' })
    const mailed = await told(kim, { account: null, title: 'By mail' })
    const notProven = openOwnStory(db, kim, { slug: mailed.slug }, now)
    await expect(notProven).rejects.toMatchObject({ kind: 'missing' })
    await db.updateTable('accounts').set({ emailVerified: true }).where('id', '=', kim.account).execute()
    const mine = await myStories(db, kim, { page: 1 }, now)
    expect(mine.stories.map(({ title }) => title).toSorted()).toEqual(['A draft', 'By mail'])
    const { id } = await told(kim, { title: 'Of a picture' })
    const shown = async () =>
      (await myStories(db, kim, { page: 1 }, now)).stories.find(({ title }) => title === 'Of a picture')
        ?.shown
    expect(await shown()).toBe(true)
    const stage = await stageFor(db)
    const { token } = await tellAndAgree(stage, now, { surface: id })
    await withdraw(db, anybody, { token, everywhere: false, formKey: '' }, now)
    expect(await shown()).toBe(false)
    const { word } = await openOwnStory(db, kim, { slug: draft.slug }, now)
    expect((await ownStory(db, anybody, word, now))?.title).toBe('A draft')
    await expect(openOwnStory(db, sam, { slug: draft.slug }, now)).rejects.toMatchObject({ kind: 'missing' })
    await expect(openOwnStory(db, kim, { slug: 'nothing' }, now)).rejects.toMatchObject({ kind: 'missing' })
  })
})
