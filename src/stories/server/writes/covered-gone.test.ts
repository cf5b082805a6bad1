import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { renditionFor, type Pass } from '#consent/server/reads/rendition.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { checkPicture, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { openStory } from '#stories/server/writes/change.ts'
import { coveredPicture, coverPicture, placePicture } from '#stories/server/writes/pictures.ts'
import { adult, asking, deciding } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { fourSquares } from '../../../../test/pictures/files.ts'
import { now, openWorkshop } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
const shop = openWorkshop(db, placePicture)
const picture = fourSquares(400, 300).jpeg().toBuffer()
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)

beforeAll(() => makeWeek(db))

type Address = { version: string; width: number; format: 'jpg' | 'webp' | 'avif' }

/** Every address that every version of a story’s pictures has had, also those that were covered since. */
const addressesOf = (surface: string): Promise<Address[]> =>
  db
    .selectFrom('renditions as r')
    .innerJoin('versions as v', 'v.id', 'r.version')
    .select(['r.version', 'r.width', 'r.format'])
    .where('v.surface', '=', surface)
    .execute()

/** Which of some addresses somebody still gets bytes from: anybody, whoever posted or checks, and somebody else who is asked. */
async function given(addresses: readonly Address[], surface: string, at: Date): Promise<string[]> {
  const passes: (Pass | undefined)[] = [
    undefined,
    { as: 'poster', surface },
    { as: 'checker', surface },
    { as: 'asked', surface, person: randomUUID() },
  ]
  const found: string[] = []
  for (const address of addresses) {
    for (const pass of passes) {
      const wish = pass ? { ...address, pass } : address
      if (await renditionFor(db, anybody, wish, at)) found.push(`${pass?.as} ${address.version}`)
    }
  }
  return found
}

type Told = { token: string; permission: string }

const cover = (token: string, version: string, square = '1-1'): Promise<void> => {
  const input = { token, version, squares: [square], formKey: randomUUID() }
  return coverPicture(db, anybody, v.parse(coveredPicture, input), now)
}

/** A story with a picture of somebody, said of it before a part of it was covered twice; somebody was asked. */
async function coveredAfterSaying() {
  const { id: surface } = await makeStory(db, { state: 'draft' })
  const token = await openStory(db, surface, now)
  const { version: source } = await shop.sendAndMake(await picture, { surface })
  const saying = { surface, version: source, people: [adult()], nobody: false, by: 'link:told' }
  const { people } = await sayWhoIsIn(db, anybody, saying, now)
  const person = people[0] ?? ''
  const handed: Address[] = await addressesOf(surface)
  let version = source
  for (const square of ['0-0', '3-3']) {
    await cover(token, version, square)
    const waiting = db.selectFrom('versions').select('id').where('surface', '=', surface)
    version = (await waiting.where('state', '=', 'waiting').executeTakeFirstOrThrow()).id
    await shop.make(db, { version }, now)
    await shop.avif(db, { version }, now)
    handed.push(...(await addressesOf(surface)))
  }
  const asked = await requestPermission(
    db,
    anybody,
    { ...asking({ surface, person, by: 'link:told' }), modes: ['face'] },
    now,
  )
  return { surface, story: token, version, person, handed, link: asked.token, permission: asked.permission }
}

/** The same version, looked at by a second person who found that they cannot be recognised in it. */
async function coverChecked(surface: string, version: string, person: string) {
  const saying = { surface, version, people: [], nobody: true, by: 'link:told' }
  const { said } = await sayWhoIsIn(db, anybody, saying, now)
  const { id } = await db
    .selectFrom('appearances')
    .select('id')
    .where('person', '=', person)
    .executeTakeFirstOrThrow()
  const checker = await makeAccount(db, randomUUID(), { role: 'reviewer' })
  await checkPicture(db, checker, { said, wrong: [], covered: [id] }, now)
}

describe('a covered picture whose people were said on what it was made from', () => {
  test('is seen by whoever posted and checks it in each size, and what it was made from by nobody', async () => {
    const { surface, version, handed } = await coveredAfterSaying()
    const found = new Set(await given(handed, surface, later(1)))
    expect(found).toEqual(new Set([`poster ${version}`, `checker ${version}`, `asked ${version}`]))
    expect(new Set(handed.map((one) => one.format))).toEqual(new Set(['jpg', 'webp', 'avif']))
  })

  const noes = {
    'a plain no': (told: Told) => decide(db, anybody, deciding({ ...told, answer: 'no' }), later(1)),
    'a yes and its withdrawal': async (told: Told) => {
      await decide(db, anybody, deciding(told), later(1))
      await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, later(1))
    },
    'a withdrawal of everything': (told: Told) =>
      withdraw(db, anybody, { token: told.token, everywhere: true, formKey: '' }, later(1)),
    'a no that a supporter saw': (told: Told) =>
      objectObserved(
        db,
        anybody,
        { token: told.token, person: null, surface: null, version: null, seen: null, formKey: '' },
        later(1),
      ),
  }
  const cases = Object.keys(noes).flatMap((name) => [
    { name, how: 'can still be recognised' },
    { name, how: 'is covered' },
  ])

  test.each(cases)(
    'is gone for all at every address after $name of somebody who $how',
    async ({ name, how }) => {
      const { surface, version, person, handed, link, permission } = await coveredAfterSaying()
      if (how === 'is covered') await coverChecked(surface, version, person)
      await noes[name as keyof typeof noes]({ token: link, permission })
      expect(await given(handed, surface, later(2))).toEqual([])
    },
  )

  test('is not covered anew when it is gone: that would hand it out again', async () => {
    const { surface, story, version, handed, link, permission } = await coveredAfterSaying()
    await noes['a plain no']({ token: link, permission })
    await expect(cover(story, version)).rejects.toMatchObject({ kind: 'missing' })
    expect(await given(handed, surface, later(2))).toEqual([])
  })

  test('is there again for whoever posted it when a yes took the no back', async () => {
    const { surface, version, person, handed, link, permission } = await coveredAfterSaying()
    await noes['a plain no']({ token: link, permission })
    const again = { ...asking({ surface, person, by: 'link:told' }), modes: ['face' as const] }
    const anew = await requestPermission(db, anybody, again, later(2))
    await decide(db, anybody, deciding(anew), later(3))
    const found = new Set(await given(handed, surface, later(4)))
    expect(found).toEqual(new Set([`poster ${version}`, `checker ${version}`, `asked ${version}`]))
  })
})
