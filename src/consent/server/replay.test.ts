import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ledgerPosition } from '#consent/server/ledger.ts'
import { replayLedger } from '#consent/server/replay.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { openAfterReview } from '#consent/server/writes/opening.ts'
import { markPerson } from '#consent/server/writes/people.ts'
import { restore, takeDown } from '#consent/server/writes/taking-down.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { keepWithinOurs } from '#consent/server/writes/narrowing.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody } from '#kernel/viewer.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { alone, keepBackup } from '../../../test/consent/backup.ts'
import { makeAccount } from '../../../test/organisations.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { asking, deciding, stageFor, tellAndAgree, tellAndCheck } from '../../../test/consent/stage.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'abe-ledger-'))
process.env['DATA_DIR'] = dataDir
afterAll(() => rmSync(dataDir, { recursive: true }))

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const seen = async (told: { version: string }, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version: told.version, width: 640, format: 'jpg' }, at)) !== null
const shows = async (surface: string, at: Date): Promise<boolean> =>
  (
    await sql<{
      shows: boolean
    }>`select surface_shows(${surface}::uuid, ${at}::timestamptz) as shows`.execute(db)
  ).rows[0]?.shows ?? false
const openAnew = openAfterReview(fileStore(join(dataDir, 'store')), alone)
const fileOf = async (): Promise<string> =>
  join(dataDir, 'ledger', `${(await ledgerPosition(db)).ledger}.jsonl`)

beforeEach(async () => {
  // Something is in the ledger before each backup.
  await takeDown(db, anybody, { surface: randomUUID(), own: false }, now)
})

describe('rule 24', () => {
  test('what was withdrawn after the backup stays gone after the restore, and nothing is seen before the replay', async () => {
    const [gone, down, stays] = [
      await tellAndAgree(stage, now),
      await tellAndAgree(stage, now),
      await tellAndAgree(stage, now),
    ]
    const putBack = await keepBackup(db)
    await withdraw(db, anybody, { token: gone.token, everywhere: false, formKey: '' }, later(1))
    await takeDown(db, anybody, { surface: down.surface, own: false }, later(2))
    await putBack()
    for (const told of [gone, down, stays]) expect(await seen(told, later(3))).toBe(false)
    expect(await shows(stays.surface, later(3))).toBe(false)
    expect(await replayLedger(db, later(3), alone)).toMatchObject({ closed: false })
    expect([await seen(gone, later(3)), await seen(down, later(3)), await seen(stays, later(3))]).toEqual([
      false,
      false,
      true,
    ])
    const state = await db
      .selectFrom('permissions')
      .select('state')
      .where('id', '=', gone.permission)
      .execute()
    expect(state).toEqual([{ state: 'withdrawn' }])
    await restore(db, stage.vetted, { surface: down.surface, reason: 'looked' }, later(4))
    expect(await seen(down, later(4))).toBe(true)
  })

  test('what was kept within our control after the backup leaves the feeds again, and stays on the page', async () => {
    const told = await tellAndCheck(stage, now)
    const wish = asking({ surface: told.surface, person: told.person, by: stage.by, circle: 6 })
    const { token, permission } = await requestPermission(db, stage.teacher, wish, now)
    await decide(db, anybody, { ...deciding({ token, permission }), circle: 6 }, now)
    const putBack = await keepBackup(db)
    await keepWithinOurs(db, anybody, { token, formKey: '' }, later(1))
    await putBack()
    expect(await replayLedger(db, later(2), alone)).toMatchObject({ closed: false })
    expect(await seen(told, later(2))).toBe(true)
    const { placements } = await standingOf(db, told.surface, later(2))
    expect(placements).toMatchObject([{ light: 'green', beyond: false }])
  })

  test('replaying twice does it once', async () => {
    const told = await tellAndAgree(stage, now)
    const putBack = await keepBackup(db)
    await withdraw(db, anybody, { token: told.token, everywhere: true, formKey: '' }, later(1))
    await putBack()
    expect((await replayLedger(db, later(2), alone)).replayed).toBeGreaterThan(0)
    const count = () => sql<{ n: number }>`select count(*)::int as n from consent_events`.execute(db)
    const before = (await count()).rows
    expect(await replayLedger(db, later(3), alone)).toMatchObject({ replayed: 0, closed: false })
    expect((await count()).rows).toEqual(before)
  })

  test('something that changed after the backup, and is no word for a file, is stopped until somebody has looked', async () => {
    const told = await tellAndAgree(stage, now)
    const putBack = await keepBackup(db)
    const marks = { person: told.person, notLocatable: false, doNotShow: true }
    await markPerson(db, stage.lead, marks, later(1))
    expect(readFileSync(await fileOf(), 'utf8')).not.toMatch(/doNotShow|band|outcome|lacks/)
    await putBack()
    await replayLedger(db, later(2), alone)
    expect(await seen(told, later(2))).toBe(false)
  })

  test('what was rolled back after it lay in the ledger hides all the same when it is replayed', async () => {
    const told = await tellAndAgree(stage, now)
    const putBack = await keepBackup(db)
    const withMore = db.transaction().execute(async (trx) => {
      await takeDown(trx, anybody, { surface: told.surface, own: false }, later(1))
      throw new Error('the rest did not work')
    })
    await expect(withMore).rejects.toThrow('the rest did not work')
    expect(await seen(told, later(2))).toBe(true)
    await putBack()
    await replayLedger(db, later(2), alone)
    expect(await seen(told, later(2))).toBe(false)
  })

  test.each<[string, (file: string) => void, string]>([
    ['missing', (file) => rmSync(file), 'missing'],
    [
      'changed in one letter',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('"own":false', '"own":true ')),
      'broken',
    ],
    [
      'without its last lines',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n') + '\n'),
      'behind',
    ],
    ['without its first lines', (file) => writeFileSync(file, ''), 'missing'],
  ])('a ledger that is %s keeps everything held until an organiser has looked', async (_how, harm, why) => {
    const told = await tellAndAgree(stage, now)
    await takeDown(db, anybody, { surface: randomUUID(), own: false }, now)
    expect(await seen(told, later(1))).toBe(true)
    const file = await fileOf()
    const whole = readFileSync(file, 'utf8')
    harm(file)
    expect(await replayLedger(db, later(1), alone)).toEqual({ replayed: 0, closed: true, why })
    expect([await seen(told, later(1)), await shows(told.surface, later(1))]).toEqual([false, false])
    expect(await replayLedger(db, later(1), alone)).toMatchObject({ closed: true })
    await openAnew(db, stage.reviewer, { how: 'as-it-stands', reason: 'looked' }, later(2)).catch(
      () => undefined,
    )
    expect(await seen(told, later(2))).toBe(false)
    await openAnew(db, organiser, { how: 'as-it-stands', reason: 'looked' }, later(2))
    expect(await seen(told, later(2))).toBe(true)
    await takeDown(db, anybody, { surface: told.surface, own: false }, later(3))
    expect(await replayLedger(db, later(4), alone)).toMatchObject({ closed: false })
    writeFileSync(file, whole)
  })

  test('a last line that was cut off belongs to a transaction that did not end, and is written over', async () => {
    const told = await tellAndAgree(stage, now)
    appendFileSync(await fileOf(), '{"n": 17, "entry": {"ki')
    expect(await replayLedger(db, later(1), alone)).toMatchObject({ closed: false })
    await takeDown(db, anybody, { surface: told.surface, own: false }, later(2))
    expect(await replayLedger(db, later(3), alone)).toMatchObject({ closed: false })
    expect(readFileSync(await fileOf(), 'utf8')).not.toContain('"ki"')
  })

  test('hiding works while the ledger is lost, and everything is held from then on', async () => {
    const [one, two] = [await tellAndAgree(stage, now), await tellAndAgree(stage, now)]
    const file = await fileOf()
    const whole = readFileSync(file, 'utf8')
    rmSync(file)
    await takeDown(db, anybody, { surface: one.surface, own: false }, later(1))
    expect([await seen(one, later(1)), await seen(two, later(1))]).toEqual([false, false])
    expect(existsSync(file)).toBe(true)
    expect(await ledgerPosition(db)).toMatchObject({ closed: true, why: 'missing' })
    await openAnew(db, organiser, { how: 'as-it-stands', reason: 'looked' }, later(2))
    expect([await seen(one, later(2)), await seen(two, later(2))]).toEqual([false, true])
    writeFileSync(file, whole)
  })

  test('the lines hold ids and codes only, each chained to the one before', async () => {
    await tellAndAgree(stage, now)
    const lines = readFileSync(await fileOf(), 'utf8')
      .trimEnd()
      .split('\n')
    const kept = lines.map((line) => JSON.parse(line) as { n: number; previous: string; hash: string })
    kept.slice(1).forEach((one, at) => expect(one.previous).toBe(kept[at]?.hash))
    expect(lines.join('\n')).not.toMatch(/S\.K\.|"face"|Hill School/)
  })
})
