import { fork } from 'node:child_process'
import { once } from 'node:events'
import { sql } from 'kysely'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { day } from '#kernel/limits.ts'
import { theSite } from '#kernel/viewer.ts'
import {
  bringDirectoryIn,
  forgetDirectoryFiles,
  readDirectory,
  takeDirectoryBack,
} from '#letters/server/tasks/directory.ts'
import { bringInDirectory, giveDirectory, undoDirectory } from '#letters/server/writes/directory-import.ts'
import { connect } from '#platform/server/db.ts'
import { projectFile } from '#platform/server/project-files.ts'
import { until } from '../../../../test/app.ts'
import { testDatabase } from '../../../../test/db.ts'
import { from, importing, inParts, parliament, popolo } from '../../../../test/directory.ts'
import { makeLetter, mailNames, stateOf } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { empty, imported, rows } = importing(db)
beforeAll(() => makeWeek(db))
beforeEach(async () => {
  await db.deleteFrom('letters').execute()
  await empty()
  await sql`delete from graphile_worker._private_jobs`.execute(db)
})

const given = async (words = popolo()): Promise<string> => {
  const source = { ...from, retrieved: '2027-10-01', bytes: inParts(words, 5000) }
  return (await giveDirectory(db, theSite, source, now)).id
}
const press = { bring: bringInDirectory, undo: undoDirectory }
const pressed = (what: keyof typeof press, id: string) => press[what](db, theSite, { formKey: '', id }, now)
const asJob = (id: string) => ({ import: id })

/** The jobs that wait, as "event import". */
const jobs = async (): Promise<string[]> =>
  (
    await sql<{ job: string }>`select tasks.identifier || ' ' || (payload ->> 'import') as job
      from graphile_worker._private_jobs jobs
      join graphile_worker._private_tasks tasks on tasks.id = jobs.task_id`.execute(db)
  ).rows.map(({ job }) => job)

/** Everything of the directory but when it was written. */
const everything = async (): Promise<string> => JSON.stringify(await rows())

test('each press queues its job, and each job does its step once, however often it runs', async () => {
  const id = await given()
  expect(await jobs()).toEqual([`directory.given ${id}`])
  for (let again = 0; again < 2; again += 1) await readDirectory(db, asJob(id), now)
  expect((await imported(id)).state).toBe('previewed')
  expect((await rows()).people).toEqual([])

  await pressed('bring', id)
  expect(await jobs()).toEqual([`directory.pressed ${id}`])
  await bringDirectoryIn(db, asJob(id), now)
  const once = await everything()
  await bringDirectoryIn(db, asJob(id), now)
  expect(await everything()).toBe(once)
  expect((await rows()).people).toHaveLength(2)

  await pressed('undo', id)
  expect(await jobs()).toEqual([`directory.taken-back ${id}`])
  for (let again = 0; again < 2; again += 1) await takeDirectoryBack(db, asJob(id), now)
  expect((await imported(id)).state).toBe('undone')
  expect((await rows()).people).toEqual([])
})

test('a step that nobody pressed, or whose import is gone, does nothing', async () => {
  const id = await given()
  await bringDirectoryIn(db, asJob(id), now)
  await takeDirectoryBack(db, asJob(id), now)
  expect([(await imported(id)).state, (await rows()).people]).toEqual(['reading', []])
  const gone = asJob(crypto.randomUUID())
  for (const task of [readDirectory, bringDirectoryIn, takeDirectoryBack]) await task(db, gone, now)
  await expect(async () => readDirectory(db, {}, now)).rejects.toThrow('lacks "import"')
})

test('an import whose worker is killed while it writes is brought in once, by the next', async () => {
  const id = await given()
  await readDirectory(db, asJob(id), now)
  await pressed('bring', id)
  const other = connect(db.url, 1)
  const child = await other.transaction().execute(async (trx) => {
    // The import gets as far as its contacts, and no further.
    await sql`lock table directory_contacts in share mode`.execute(trx)
    const worker = fork(projectFile('test/programs/bring-directory.ts'), [db.url, id, now.toISOString()], {
      stdio: 'inherit',
    })
    const held = sql<{ held: boolean }>`select exists (
      select from pg_locks where not granted and relation = 'directory_contacts'::regclass) as held`
    await until('the import waits in the middle', async () => (await held.execute(db)).rows[0]?.held === true)
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    return worker
  })
  await other.destroy()
  expect(child.signalCode).toBe('SIGKILL')
  // The next one waits until what the dead one had begun is undone.
  await Promise.all([bringDirectoryIn(db, asJob(id), now), bringDirectoryIn(db, asJob(id), now)])
  const all = await rows()
  expect([all.people, all.memberships, all.posts, all.contacts].map((one) => one.length)).toEqual([
    2, 3, 1, 1,
  ])
  expect((await imported(id)).state).toBe('done')
  const changes = await db
    .selectFrom('directoryChanges')
    .select(['sort', 'key'])
    .where('import', '=', id)
    .execute()
  expect(new Set(changes.map(({ sort, key }) => `${sort} ${key}`)).size).toBe(changes.length)
})

test('letters that waited for an address go on when an import brings it, and their writers hear of it once', async () => {
  const bare = parliament.persons.map((one) => ({ ...one, contact_details: [] }))
  const first = await given(popolo({ persons: bare }))
  await readDirectory(db, asJob(first), now)
  await pressed('bring', first)
  await bringDirectoryIn(db, asJob(first), now)
  const person = (await rows()).people.find(({ name }) => name === 'Zoë Khan')
  const letter = { offices: [`person:${person?.id}`], email: 'ann@people.org' }
  const { letter: waits } = await makeLetter(db, now, letter)
  const [delivery] = waits.deliveries
  expect(delivery?.state).toBe('no-address')

  const second = await given()
  await readDirectory(db, asJob(second), now)
  await pressed('bring', second)
  for (let again = 0; again < 2; again += 1) await bringDirectoryIn(db, asJob(second), now)
  expect(await stateOf(db, delivery?.id ?? '')).toBe('planned')
  expect((await mailNames(db)).filter((name) => name === 'letter-address')).toHaveLength(1)
})

test('a file that nobody brought in is forgotten after 30 days; what was brought in is not', async () => {
  const [left, brought] = [await given(), await given(popolo({ posts: [] }))]
  for (const id of [left, brought]) await readDirectory(db, asJob(id), now)
  await pressed('bring', brought)
  await bringDirectoryIn(db, asJob(brought), now)
  const ids = async (): Promise<string[]> =>
    (await db.selectFrom('directoryImports').select('id').execute()).map(({ id }) => id)
  await forgetDirectoryFiles(db, {}, new Date(now.getTime() + 29 * day))
  expect(await ids()).toHaveLength(2)
  await forgetDirectoryFiles(db, {}, new Date(now.getTime() + 31 * day))
  expect(await ids()).toEqual([brought])
  expect(await db.selectFrom('directoryFiles').select('position').execute()).toEqual([])
})
