import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RequestInput } from '#consent/permission.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import type { Pass } from '#consent/server/reads/rendition.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { newKey } from '#platform/server/storage.ts'
import { siteStore } from '#platform/server/storage-site.ts'
import {
  asking,
  deciding,
  stageFor,
  tellAndAgree,
  tellAndCheck,
  type Stage,
} from '../../../test/consent/stage.ts'
import { testDatabase } from '../../../test/db.ts'
import { folder } from '../../../test/pictures/making.ts'
import { rangeOf, sendPicture } from './send.ts'

const db = await testDatabase()
const now = new Date('2027-10-20T12:00:00Z')
const bytes = randomBytes(40_000)
let stage: Stage
beforeAll(async () => {
  stage = await stageFor(db)
})

/** Puts bytes where a picture's only rendition is said to lie. */
async function stored<Told extends { key: string }>(told: Told): Promise<Told> {
  const [key, path] = [newKey(), join(folder, randomUUID())]
  writeFileSync(path, bytes)
  await siteStore().putFile('renditions', key, path)
  await db.updateTable('renditions').set({ key }).where('key', '=', told.key).execute()
  return told
}

type Asked = { method?: string; headers?: Record<string, string>; file?: string; pass?: Pass }
async function ask(version: string, { method = 'GET', headers = {}, file = '640.jpg', pass }: Asked = {}) {
  const request = new Request(`http://here/media/${version}/${file}`, { method, headers })
  const event = { locals: { db, viewer: anybody, now }, request }
  const answer = await sendPicture(event, version, file, pass)
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}
const no = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 'answered',
    (error: unknown) => (error instanceof Refusal ? [error.status, error.key, error.params] : error),
  )

describe('a picture that is public', () => {
  test('is sent whole, in part, as its head, and not again to whoever has it', async () => {
    const { version } = await stored(await tellAndAgree(stage, now))
    const whole = await ask(version)
    expect([whole.status, whole.body.equals(bytes)]).toEqual([200, true])
    expect(whole.headers).toEqual({
      'content-type': 'image/jpeg',
      'content-length': '40000',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      etag: `"${version}-640.jpg"`,
    })
    const head = await ask(version, { method: 'HEAD' })
    expect([head.status, head.body.length, head.headers]).toEqual([200, 0, whole.headers])
    const part = await ask(version, { headers: { range: 'bytes=100-199' } })
    expect([part.status, part.headers['content-range']]).toEqual([206, 'bytes 100-199/40000'])
    expect(part.body.equals(bytes.subarray(100, 200))).toBe(true)
    const known = await ask(version, { headers: { 'if-none-match': whole.headers['etag'] ?? '' } })
    expect([known.status, known.body.length, known.headers['cache-control']]).toEqual([
      304,
      0,
      'private, no-cache',
    ])
    const beyond = await ask(version, { headers: { range: 'bytes=40000-' } })
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */40000'])
  })
})

describe('rule 10: a picture that is not public', () => {
  const ways: Asked[] = [
    {},
    { method: 'HEAD' },
    { headers: { range: 'bytes=0-9' } },
    { headers: { range: 'bytes=99999-' } },
  ]
  const all = (version: string): Promise<unknown[]> =>
    Promise.all(
      [...ways, { headers: { 'if-none-match': `"${version}-640.jpg"` } }].map((way) => no(ask(version, way))),
    )

  test('answers whoever asks in whatever way as if it had never been', async () => {
    const never = await all(randomUUID())
    expect(never).toEqual(Array.from({ length: 5 }, () => [404, 'refusal.missing', {}]))
    const waiting = await stored(await tellAndCheck(stage, now))
    expect(await all(waiting.version)).toEqual(never)
    const told = await stored(await tellAndAgree(stage, now))
    expect((await ask(told.version)).status).toBe(200)
    await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, now)
    expect(await all(told.version)).toEqual(never)
    const shown = await stored(await tellAndAgree(stage, now))
    for (const file of ['641.jpg', '0640.jpg', '640.gif', '640.webp', '640.jpg.', '../640.jpg', ''])
      expect(await no(ask(shown.version, { file }))).toEqual(never[0])
    expect(await no(ask('not-an-id'))).toEqual(never[0])
  })

  test('is sent to whoever holds the page it is on, and not with a page of another', async () => {
    const { version, surface } = await stored(await tellAndCheck(stage, now))
    const pass = { as: 'poster' as const, surface }
    expect((await ask(version, { pass })).status).toBe(200)
    expect(await no(ask(version, { pass: { ...pass, surface: randomUUID() } }))).toEqual([
      404,
      'refusal.missing',
      {},
    ])
  })
})

describe('a no to a picture that was public', () => {
  const passes = (surface: string): Pass[] =>
    (['poster', 'checker', 'asked'] as const).map((as) => ({ as, surface }))
  type Live = Awaited<ReturnType<typeof tellAndAgree>>
  const sent = ({ version }: Live, all: Pass[]) =>
    Promise.all(
      all.map((pass) =>
        ask(version, { pass }).then(
          ({ status }) => status,
          (error: unknown) => error instanceof Refusal && error.status,
        ),
      ),
    )
  const tap = { version: null, seen: null, formKey: '' }
  const answer = (one: { token: string; permission: string }, answer: 'yes' | 'no') =>
    decide(db, anybody, deciding({ ...one, answer }), now)
  const requested = ({ surface, person }: Live, over: Partial<RequestInput> = {}) =>
    requestPermission(db, stage.teacher, { ...asking({ surface, person, by: stage.by }), ...over }, now)

  test('ends the pages of whoever posts it, checks it or is asked as well, whoever said it; not of the two who opened a hold, nor the person’s own', async () => {
    const says: ((told: Live) => Promise<unknown>)[] = [
      (told) => answer(told, 'no'),
      async (told) => answer(await requested(told, { route: 'parents', holder: 'Mother' }), 'no'),
      ({ token, surface, person }) => objectObserved(db, anybody, { ...tap, token, surface, person }, now),
      ({ surface, person }) => objectObserved(db, stage.lead, { ...tap, token: '', surface, person }, now),
    ]
    for (const say of says) {
      const told = await stored(await tellAndAgree(stage, now))
      const all = passes(told.surface)
      expect(await sent(told, all)).toEqual([200, 200, 200])
      await say(told)
      expect(await sent(told, all)).toEqual([404, 404, 404])
      const { surface, person } = told
      expect(
        await sent(told, [
          { as: 'opener', surface },
          { as: 'asked', surface, person },
        ]),
      ).toEqual([200, 200])
    }
  })

  test('ends them until the person says yes again', async () => {
    const told = await stored(await tellAndAgree(stage, now))
    await answer(told, 'no')
    expect(await sent(told, passes(told.surface))).toEqual([404, 404, 404])
    await answer(await requested(told), 'yes')
    expect(await sent(told, passes(told.surface))).toEqual([200, 200, 200])
  })
})

test('a range is read as it is meant', () => {
  expect(rangeOf(null, 100)).toBeNull()
  expect(rangeOf('bytes=-', 100)).toBeNull()
  expect(rangeOf('lines=1-2', 100)).toBeNull()
  expect(rangeOf('bytes=0-0', 100)).toEqual({ from: 0, to: 0 })
  expect(rangeOf('bytes=90-200', 100)).toEqual({ from: 90, to: 99 })
  expect(rangeOf('bytes=-30', 100)).toEqual({ from: 70, to: 99 })
  expect(rangeOf('bytes=-300', 100)).toEqual({ from: 0, to: 99 })
  expect(rangeOf('bytes=5-1', 100)).toBe('wrong')
  expect(rangeOf('bytes=100-', 100)).toBe('wrong')
  expect(rangeOf('bytes=1-2,5-6', 100)).toEqual({ from: 1, to: 2 })
})
