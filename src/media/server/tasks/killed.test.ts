import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { versionOf } from '#media/server/reads.ts'
import { sweepPictures } from '#media/server/tasks/erase.ts'
import { testDatabase } from '../../../../test/db.ts'
import { openWorkshop } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
const { root, folders, store, send, keys } = openWorkshop(db)

const workers: ChildProcess[] = []
afterAll(() => workers.forEach((worker) => worker.kill('SIGKILL')))
function startWorker(): ChildProcess {
  const env = { ...process.env, DATABASE_URL: db.url, DATA_DIR: root, LOG: 'silent' }
  const worker = spawn(process.execPath, ['src/worker.ts'], { env, stdio: 'ignore' })
  workers.push(worker)
  return worker
}

/** The processes whose parent this is, that still live. */
const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [state, of] = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')
        return Number(of) === parent && state !== 'Z'
      } catch {
        // It ended while we looked.
        return false
      }
    })
    .map(Number)
const lives = (pid: number): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // No such process.
    return false
  }
}

test('a worker that is killed while it makes a picture makes it again when it comes back, once', async () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
  const picture = sharp({ create: { width: 2400, height: 1800, channels: 3, background: '#888', noise } })
  const { version } = await send(await picture.jpeg({ quality: 92 }).toBuffer())
  const first = startWorker()
  const making = () => readdirSync(folders.making).length
  await expect.poll(making, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0)
  await expect
    .poll(() => childrenOf(first.pid ?? 0).length, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(0)
  const makers = childrenOf(first.pid ?? 0)
  const gone = once(first, 'exit')
  first.kill('SIGKILL')
  await gone
  expect((await versionOf(db, version))?.state).toBe('waiting')
  await expect.poll(() => makers.filter(lives), { timeout: 60_000 }).toEqual([])
  startWorker()
  await expect.poll(async () => (await versionOf(db, version))?.state, { timeout: 120_000 }).toBe('made')
  const named = await db.selectFrom('renditions').select('key').where('version', '=', version).execute()
  expect(named).toHaveLength(12)
  await sweepPictures(store, folders, async () => false)(db, {}, new Date(Date.now() + 2 * 86_400_000))
  expect((await keys('renditions')).toSorted()).toEqual(named.map((row) => row.key).toSorted())
}, 240_000)
