import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { anybody } from '#kernel/viewer.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import { openStory } from '#stories/server/writes/change.ts'
import {
  coveredPicture,
  coverPicture,
  describePicture,
  placePicture,
  removePicture,
} from '#stories/server/writes/pictures.ts'
import { hideStory, restoreStory } from '#stories/server/writes/review.ts'
import { makePicture } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { fourSquares } from '../../../../test/pictures/files.ts'
import { now, openWorkshop } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
const shop = openWorkshop(db, placePicture)
const picture = fourSquares(400, 300).jpeg().toBuffer()

beforeAll(() => makeWeek(db))

async function teller() {
  const { id: surface } = await makeStory(db, { state: 'draft' })
  const token = await openStory(db, surface, now)
  return { surface, token, seen: () => ownPictures(db, anybody, token, now) }
}
const placed = async (surface: string) =>
  db
    .selectFrom('placements')
    .select(['version', 'circle', 'state'])
    .where('surface', '=', surface)
    .where('state', '!=', 'purged')
    .execute()

describe('a picture that was sent for a story', () => {
  test('stands on the page of whoever tells it as soon as it is made, and is seen by nobody else', async () => {
    const { surface, seen } = await teller()
    const { version } = await shop.send(await picture, { surface })
    expect(await placed(surface)).toEqual([])
    await shop.make(db, { version }, now)
    const page = await seen()
    expect(page.pictures).toMatchObject([{ id: version, state: 'visible', widths: [320, 400] }])
    expect(page.standing.placements).toMatchObject([{ version, light: 'amber' }])
    const wish = { version, width: 320, format: 'jpg' as const }
    expect(await renditionFor(db, anybody, wish, now)).toBeNull()
    const pass = { as: 'poster' as const, surface }
    expect(await renditionFor(db, anybody, { ...wish, pass }, now)).toMatchObject({ type: 'image/jpeg' })
  })

  test('is placed once, also when it is taken up twice', async () => {
    const { surface } = await teller()
    const { version } = await shop.send(await picture, { surface })
    await shop.make(db, { version }, now)
    const made = shop.seen.find((one) => one.version === version)
    if (!made) throw new Error('nobody was told')
    await db.transaction().execute((trx) => placePicture(trx, made, now))
    expect(await placed(surface)).toMatchObject([{ version, circle: 5 }])
  })

  test('is remembered by its bytes and its look, for the day on which somebody says no (rule 25)', async () => {
    const { surface } = await teller()
    const { version } = await shop.sendAndMake(await picture, { surface })
    const kept = await db
      .selectFrom('versionHashes')
      .selectAll()
      .where('version', '=', version)
      .executeTakeFirstOrThrow()
    expect([kept.sha256?.length, String(kept.likeness).length]).toEqual([32, 64])
  })

  test('that lies on something else is left alone', async () => {
    const surface = randomUUID()
    await shop.sendAndMake(await picture, { surface })
    expect(await placed(surface)).toEqual([])
  })
})

describe('a covered picture', () => {
  const cover = (token: string, version: string) => {
    const input = { token, version, squares: ['0-0', '0-1'], formKey: randomUUID() }
    return coverPicture(db, anybody, v.parse(coveredPicture, input), now)
  }
  const waiting = async (surface: string): Promise<string> =>
    (
      await db
        .selectFrom('versions')
        .select('id')
        .where('surface', '=', surface)
        .where('state', '=', 'waiting')
        .executeTakeFirstOrThrow()
    ).id

  test('takes the place of what it was made from, with the words it had', async () => {
    const { surface, token, seen } = await teller()
    const { version: source } = await shop.sendAndMake(await picture, { surface })
    const words = { version: source, token, pass: '', words: 'Two cups.', decoration: false, caption: null }
    await describePicture(db, anybody, { ...words, revision: 1 }, now)
    await cover(token, source)
    expect((await seen()).pictures.map((one) => [one.state, one.widths])).toEqual([['waiting', []]])
    const version = await waiting(surface)
    await shop.make(db, { version }, now)
    expect((await seen()).pictures).toMatchObject([{ id: version, source, words: 'Two cups.' }])
    expect(await placed(surface)).toMatchObject([{ version, circle: 5 }])
  })

  test('stays in the circle its source was placed in', async () => {
    const { surface, token } = await teller()
    const { version: source } = await shop.send(await picture, { surface })
    await db.updateTable('versions').set({ state: 'visible' }).where('id', '=', source).execute()
    const where = { surface, type: 'story', version: source, circle: 2 as const, purpose: 'teach' as const }
    const rest = { modifiers: [], organisation: null, notBefore: null, by: 'link:x' }
    await placeVersion(db, anybody, { ...where, ...rest }, now)
    await cover(token, source)
    const version = await waiting(surface)
    await shop.make(db, { version }, now)
    expect(await placed(surface)).toMatchObject([{ version, circle: 2 }])
  })

  test('taken out while it is still being made leaves nothing of its source waiting', async () => {
    const { surface, token, seen } = await teller()
    const { version: source } = await shop.sendAndMake(await picture, { surface })
    await cover(token, source)
    const version = await waiting(surface)
    await removePicture(db, anybody, { token, version }, now)
    expect(await placed(surface)).toEqual([])
    expect((await seen()).pictures).toEqual([])
    await shop.make(db, { version }, now)
    expect(await placed(surface)).toEqual([])
  })
})

test('a picture taken out twice is taken out once', async () => {
  const { surface, token, seen } = await teller()
  const { version } = await shop.sendAndMake(await picture, { surface })
  await removePicture(db, anybody, { token, version }, now)
  await removePicture(db, anybody, { token, version }, now)
  expect((await seen()).pictures).toEqual([])
  expect(await placed(surface)).toEqual([])
})

test('words and taking out at the same moment do not stand in each other’s way', async () => {
  for (let n = 0; n < 5; n += 1) {
    const { surface, token } = await teller()
    const { version } = await shop.sendAndMake(await picture, { surface })
    const words = { version, token, pass: '', words: 'Two cups.', decoration: false, caption: null }
    const both = await Promise.allSettled([
      removePicture(db, anybody, { token, version }, now),
      describePicture(db, anybody, { ...words, revision: 1 }, now),
    ])
    const failed = both.filter((one) => one.status === 'rejected').map((one) => String(one.reason))
    expect(failed.every((reason) => reason.startsWith('Refusal'))).toBe(true)
    expect(await placed(surface)).toEqual([])
  }
})

describe('the words of a picture that were changed while its story was hidden', () => {
  async function changedWhileHidden() {
    const one = await makeAccount(db, randomUUID(), { role: 'reviewer' })
    const two = await makeAccount(db, randomUUID(), { role: 'reviewer' })
    const { id } = await makeStory(db, {})
    const token = await openStory(db, id, now)
    const { version } = await makePicture(db, { surface: id, words: 'Two cups.' })
    await hideStory(db, one, { id, reason: null }, now)
    const words = { version, token, pass: '', words: 'SECRET', decoration: false, caption: 'Sam' }
    await describePicture(db, anybody, { ...words, revision: 1 }, now)
    return { id, two }
  }

  test('are a difference that whoever brings it back sees before', async () => {
    const { id, two } = await changedWhileHidden()
    const story = await storyForReview(db, two, id)
    expect(story?.difference).toEqual({ 'words-1': ['Two cups.', 'SECRET'], 'caption-1': ['', 'Sam'] })
    await restoreStory(db, two, { id, reason: 'Read.', revision: story?.revision ?? 0 }, now)
    expect(await storyForReview(db, two, id)).toMatchObject({ state: 'published', difference: {} })
  })

  test('keep it from coming back by a page on which nobody reads them, or that was opened before', async () => {
    const { id, two } = await changedWhileHidden()
    const revision = ((await storyForReview(db, two, id))?.revision ?? 0) - 1
    const changed = { key: 'stories.review.changed' }
    await expect(restoreStory(db, two, { id, reason: 'Fine.' }, now)).rejects.toMatchObject(changed)
    await expect(restoreStory(db, two, { id, reason: 'Fine.', revision }, now)).rejects.toMatchObject(changed)
    expect((await storyForReview(db, two, id))?.state).toBe('hidden')
  })
})
