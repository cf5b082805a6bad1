import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { bringLedgers, copyLedgers } from '#consent/server/ledger-copy.ts'
import { ledgerPath } from '#consent/server/ledger-file.ts'
import { ledgerPosition } from '#consent/server/ledger.ts'
import { lookAtCopy, lookAtLedger, permissionClosed } from '#consent/server/reads/ledger.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { replayLedger } from '#consent/server/replay.ts'
import { openAfterReview, replayAgain } from '#consent/server/writes/opening.ts'
import { restore, takeDown } from '#consent/server/writes/taking-down.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { until } from '../../../../test/app.ts'
import { alone, keepBackup } from '../../../../test/consent/backup.ts'
import { stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'abe-opening-'))
process.env['DATA_DIR'] = dataDir
afterAll(() => rmSync(dataDir, { recursive: true }))
const store = fileStore(join(dataDir, 'store'))
const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const seen = async ({ version }: { version: string }, at: Date): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, at)) !== null
const file = async (): Promise<string> => ledgerPath((await ledgerPosition(db)).ledger ?? '')
const whole = { closed: false, why: '' }
const again = replayAgain(store, alone)
const openAnew = openAfterReview(store, alone)
const copy = () => copyLedgers(store)(db, {}, now)

beforeEach(async () => {
  await tellAndAgree(stage, now)
})

test('rule 24: a replay that is killed in the middle leaves everything closed, and the next one does all of it', async () => {
  const [gone, stays] = [await tellAndAgree(stage, now), await tellAndAgree(stage, now)]
  const putBack = await keepBackup(db)
  await withdraw(db, anybody, { token: gone.token, everywhere: false, formKey: '' }, later(1))
  await putBack()
  const waits = async (): Promise<boolean> => {
    const found = await sql`select 1 from pg_locks where not granted
      and relation = 'surfaces'::regclass and database = (select oid from pg_database where datname = current_database())`.execute(
      db,
    )
    return found.rows.length > 0
  }
  await db.transaction().execute(async (trx) => {
    await sql`lock table surfaces in share mode`.execute(trx)
    const child = spawn(process.execPath, ['test/programs/replay-here.ts', db.url, later(2).toISOString()], {
      env: { ...process.env, DATA_DIR: dataDir },
    })
    await until('it waits in the middle', waits)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  expect(await ledgerPosition(db)).toMatchObject({ closed: true, why: 'restored' })
  expect([await seen(gone, later(2)), await seen(stays, later(2))]).toEqual([false, false])
  expect(await replayLedger(db, later(3), alone)).toMatchObject({ closed: false })
  expect([await seen(gone, later(3)), await seen(stays, later(3))]).toEqual([false, true])
})

test('rule 24: a database put back to before the first line of the ledger takes it in as it starts, whoever put it back', async () => {
  const told = await tellAndAgree(stage, now)
  await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, later(1))
  const state = await sql`update ledger_position set ledger = null, n = 0, hash = ''`.execute(db)
  expect(state.numAffectedRows).toBe(1n)
  await sql`update surfaces set shows = '{(,)}' where id = ${told.surface}`.execute(db)
  await sql`update placements set shows = '{(,)}', state = 'live' where surface = ${told.surface}`.execute(db)
  await sql`update permissions set state = 'given' where id = ${told.permission}`.execute(db)
  await sql`delete from consent_events where kind in ('withdrawn', 'objected')`.execute(db)
  await db.deleteFrom('objections').where('person', '=', told.person).execute()
  expect(await seen(told, later(2))).toBe(true)
  await replayLedger(db, later(2), alone)
  expect(await seen(told, later(2))).toBe(false)
})

test('an organiser sees why all is closed, what was shown, and opens it one by one: each waits for a second person', async () => {
  const told = await tellAndAgree(stage, now)
  rmSync(await file())
  expect(await permissionClosed(db)).toBe(false)
  await replayLedger(db, later(1), alone)
  expect(await permissionClosed(db)).toBe(true)
  const look = await lookAtLedger(db, organiser)
  expect(look).toMatchObject({ why: 'missing', closed: true, there: [] })
  expect(look.surfaces).toContain(told.surface)
  const input = { how: 'one-by-one' as const, reason: 'The disk broke' }
  await openAnew(db, organiser, input, later(2))
  await openAnew(db, organiser, input, later(2))
  expect(await ledgerPosition(db)).toMatchObject(whole)
  expect(await seen(told, later(2))).toBe(false)
  await expect(
    restore(db, stage.teacher, { surface: told.surface, reason: 'mine' }, later(3)),
  ).rejects.toThrow()
  await restore(db, stage.vetted, { surface: told.surface, reason: 'looked' }, later(3))
  expect(await seen(told, later(3))).toBe(true)
})

test('only organisers look at the ledger, look for it again, or open what is closed', async () => {
  for (const viewer of [anybody, stage.lead, stage.reviewer]) {
    await expect(lookAtLedger(db, viewer)).rejects.toThrow()
    await expect(again(db, viewer, {}, now)).rejects.toThrow()
    await expect(openAnew(db, viewer, { how: 'as-it-stands', reason: 'x' }, now)).rejects.toThrow()
  }
})

test('the ledger is copied to the store as it grows, and comes back from there when its file is lost', async () => {
  const told = await tellAndAgree(stage, now)
  await copy()
  await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, later(1))
  await copy()
  await copy()
  const before = readFileSync(await file(), 'utf8')
  rmSync(await file())
  expect((await replayLedger(db, later(2), alone)).closed).toBe(true)
  expect(await again(db, organiser, {}, later(3))).toMatchObject({ ...whole, replayed: 0 })
  expect(readFileSync(await file(), 'utf8')).toBe(before)
  expect(await bringLedgers(store)).toBe(0)
  expect(readdirSync(dataDir).filter((name) => name.startsWith('copying-'))).toEqual([])
})

/** Says the ledger in other lines. */
const reword = (path: string, change: (lines: string[]) => string[]): void =>
  writeFileSync(path, change(readFileSync(path, 'utf8').trimEnd().split('\n')).join('\n') + '\n')
const putAside = (): string[] =>
  readdirSync(join(dataDir, 'ledger')).filter((name) => name.includes('.damaged-'))
const damaged = (line: string): string => line.replace('"n":', '"m":')

test('a file that was cut short is not copied over the whole one, and the copy takes its place when all is looked for again', async () => {
  await copy()
  const path = await file()
  const before = readFileSync(path, 'utf8')
  truncateSync(path, 100)
  await copy()
  expect((await replayLedger(db, later(1), alone)).closed).toBe(true)
  expect(await again(db, organiser, {}, later(2))).toMatchObject(whole)
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('rule 24: a damaged file is put aside at one press, and what only it said after the copy stays withdrawn', async () => {
  const [early, late, stays] = [
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
  ]
  const putBack = await keepBackup(db)
  await withdraw(db, anybody, { token: early.token, everywhere: false, formKey: '' }, later(1))
  await copy()
  await withdraw(db, anybody, { token: late.token, everywhere: false, formKey: '' }, later(2))
  await putBack()
  const path = await file()
  const before = putAside().length
  reword(path, ([first = '', ...rest]) => [damaged(first), ...rest])
  expect(await replayLedger(db, later(3), alone)).toMatchObject({ closed: true, why: 'broken' })
  expect((await lookAtLedger(db, organiser)).there).toMatchObject([{ brokenAt: 1 }])
  expect(await lookAtCopy(db, organiser, store)).toMatchObject({ is: 'helps', lost: 0, unknown: 0 })
  await copy()
  expect(await again(db, organiser, {}, later(4))).toMatchObject(whole)
  expect([await seen(early, later(5)), await seen(late, later(5)), await seen(stays, later(5))]).toEqual([
    false,
    false,
    true,
  ])
  expect(putAside()).toHaveLength(before + 1)
})

test('rule 24: the site itself may look for it again: a damage that nobody has noticed is mended, and it is told what was done', async () => {
  const told = await tellAndAgree(stage, now)
  await takeDown(db, anybody, { surface: told.surface, own: false }, later(1))
  await copy()
  const lines = readFileSync(await file(), 'utf8').split('\n').length - 1
  reword(await file(), ([first = '', ...rest]) => [damaged(first), ...rest])
  const done = await again(db, theSite, {}, later(2))
  expect(done).toMatchObject({ ...whole, brought: 0, mended: { lines } })
  expect(done.mended?.readable).toBeLessThan(lines)
  expect(await again(db, theSite, {}, later(3))).toMatchObject({ ...whole, brought: 0, mended: null })
  rmSync(await file())
  expect(await again(db, theSite, {}, later(4))).toMatchObject({ ...whole, brought: 1, mended: null })
})

test('what a copy cannot make whole stays closed; what can still be read hides all the same, and how much is lost is said', async () => {
  const [lost, read] = [await tellAndAgree(stage, now), await tellAndAgree(stage, now)]
  await copy()
  const putBack = await keepBackup(db)
  const from = (await ledgerPosition(db)).n
  await withdraw(db, anybody, { token: lost.token, everywhere: false, formKey: '' }, later(1))
  const between = (await ledgerPosition(db)).n
  await withdraw(db, anybody, { token: read.token, everywhere: false, formKey: '' }, later(2))
  await putBack()
  const path = await file()
  const sound = readFileSync(path, 'utf8')
  reword(path, (lines) => lines.map((line, at) => (at >= from && at < between ? damaged(line) : line)))
  const broken = readFileSync(path, 'utf8')
  expect(await again(db, organiser, {}, later(3))).toMatchObject({ closed: true, why: 'broken' })
  expect(readFileSync(path, 'utf8')).toBe(broken)
  const gone = between - from
  expect(await lookAtCopy(db, organiser, store)).toMatchObject({
    is: 'not-enough',
    lost: gone,
    unknown: gone,
  })
  expect((await lookAtLedger(db, organiser)).there).toMatchObject([{ brokenAt: from + 1 }])
  const { rows } = await sql<{ state: string }>`
    select state from permissions where id = ${read.permission}`.execute(db)
  expect(rows).toEqual([{ state: 'withdrawn' }])
  writeFileSync(path, sound)
  expect(await again(db, organiser, {}, later(4))).toMatchObject(whole)
})

test('rule 5: what a damaged ledger still says stays final when everything is opened one by one', async () => {
  const [before, after, stays] = [
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
  ]
  const putBack = await keepBackup(db)
  await withdraw(db, anybody, { token: before.token, everywhere: false, formKey: '' }, later(1))
  const at = (await ledgerPosition(db)).n
  await takeDown(db, anybody, { surface: stays.surface, own: false }, later(2))
  const to = (await ledgerPosition(db)).n
  await withdraw(db, anybody, { token: after.token, everywhere: false, formKey: '' }, later(3))
  await putBack()
  reword(await file(), (lines) => lines.map((line, n) => (n >= at && n < to ? damaged(line) : line)))
  expect(await replayLedger(db, later(4), alone)).toMatchObject({ closed: true, why: 'broken' })
  await openAnew(db, organiser, { how: 'one-by-one', reason: 'No copy' }, later(5))
  for (const { surface } of [before, after, stays])
    await restore(db, stage.vetted, { surface, reason: 'looked' }, later(6))
  const shown = await Promise.all([before, after, stays].map((told) => seen(told, later(7))))
  expect(shown).toEqual([false, false, true])
})

test('rule 24: a backup from before the ledger was begun anew hides what was withdrawn before and after that', async () => {
  const [before, after, stays] = [
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
    await tellAndAgree(stage, now),
  ]
  await copy()
  const old = (await ledgerPosition(db)).ledger
  const putBack = await keepBackup(db)
  await withdraw(db, anybody, { token: before.token, everywhere: false, formKey: '' }, later(1))
  await copy()
  reword(await file(), ([first = '', ...rest]) => [damaged(first), ...rest])
  await replayLedger(db, later(2), alone)
  await openAnew(db, organiser, { how: 'as-it-stands', reason: 'looked' }, later(3))
  expect((await ledgerPosition(db)).ledger).not.toBe(old)
  expect([await seen(before, later(3)), await seen(after, later(3))]).toEqual([false, true])
  await withdraw(db, anybody, { token: after.token, everywhere: false, formKey: '' }, later(4))
  await putBack()
  expect(await again(db, organiser, {}, later(5))).toMatchObject({ closed: true, why: 'missing' })
  await openAnew(db, organiser, { how: 'as-it-stands', reason: 'looked' }, later(6))
  const shown = await Promise.all([before, after, stays].map((told) => seen(told, later(7))))
  expect(shown).toEqual([false, false, true])
})

test('hiding goes on beside a last line that nobody can read, and beside a file that was cut short; neither is trusted after it, nor copied', async () => {
  await copy()
  const path = await file()
  const sound = readFileSync(path, 'utf8')
  const copied = () => lookAtCopy(db, organiser, store)
  const { entries } = await copied()
  const harms: ((lines: string[]) => string[])[] = [
    (lines) => [...lines.slice(0, -1), damaged(lines.at(-1) ?? '')],
    (lines) => lines.slice(0, 1),
  ]
  for (const harm of harms) {
    reword(path, harm)
    for (const at of [1, 2]) await takeDown(db, anybody, { surface: randomUUID(), own: false }, later(at))
    expect((await ledgerPosition(db)).closed).toBe(true)
    await copy()
    expect(await copied()).toMatchObject({ entries, is: 'helps' })
    expect(await replayLedger(db, later(3), alone)).toMatchObject({ closed: true })
    expect(await again(db, organiser, {}, later(4))).toMatchObject(whole)
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(sound.split('\n').length + 2)
    writeFileSync(path, sound)
    await sql`update ledger_position set n = ${entries},
      hash = ${(JSON.parse(sound.trimEnd().split('\n').at(-1) ?? '') as { hash: string }).hash}`.execute(db)
  }
})
