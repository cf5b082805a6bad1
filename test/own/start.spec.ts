import { createServer } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { lives, readPidFile } from '#platform/server/postgres/postmaster.ts'
import { type App, childrenOf, commandOf, makeDataFolder, removeDataFolder, startApp, until } from '../app.ts'
import { ask } from '../holder.ts'
import { filledDataFolder } from '../site.ts'

const dataDir = makeDataFolder()
const open: App[] = []
afterEach(({ task }) => {
  if (task.result?.state === 'fail') for (const app of open) console.log(app.printed())
})
afterAll(() => removeDataFolder(dataDir))

async function start(env: Record<string, string> = {}): Promise<App> {
  const app = await startApp({ DATA_DIR: dataDir, ...env })
  open.push(app)
  return app
}
const stopAll = async () => {
  for (const app of open.splice(0)) await app.stop()
}

const database = () => {
  const file = readPidFile(clusterOf(dataDir))
  if (!file) throw new Error('There is no database in the data folder')
  return { pid: file.pid, host: file.socket, user: 'abitextra', database: 'abitextra' }
}
const workerOf = (app: App) => childrenOf(app.pid).find((pid) => commandOf(pid).includes('worker.ts'))
const answers = (app: App, path = '/readyz') =>
  fetch(app.address + path).then(
    (response) => response.ok,
    () => false,
  )

// One site from its first start to its last stop: each test goes on with the one that the test before it has left running.
describe('npm start', () => {
  let app: App
  afterAll(stopAll)

  test('opens the site, says where, and starts again with everything kept', async () => {
    // Fetching and building, which come before this process, count.
    const first = await start({ BEGAN: String(Date.now() - 200_000) })
    expect(first.printed()).toMatch(/3 of 5: .*4 of 5: .*5 of 5: .*Ready after 2\d\d\.\d s/s)
    expect(await answers(first, '/')).toBe(true)
    await until('the worker has said that it lives', () => answers(first))
    expect(childrenOf(first.pid)).toHaveLength(2)
    await ask(database(), 'create table kept (n int); insert into kept values (7)')
    await first.stop()
    expect(await first.ended).toBe(0)

    app = await start()
    expect(await ask(database(), 'select n from kept')).toEqual([{ n: 7 }])
    expect(await answers(app, '/')).toBe(true)
  })

  test('refuses a data folder that is in use, and says by whom', async () => {
    const second = await start()
    expect(await second.ended).toBe(1)
    expect(second.printed()).toContain(`in use by process ${app.pid}, answering on ${app.address}`)
    expect(await answers(app, '/')).toBe(true)
  })

  test('goes on when the worker is killed', async () => {
    await until('the worker runs', () => workerOf(app) !== undefined)
    const worker = workerOf(app)
    if (worker) process.kill(worker, 'SIGKILL')
    await until('another worker runs', () => ![undefined, worker].includes(workerOf(app)))
    expect(await answers(app, '/')).toBe(true)
  })

  test('goes on when the database is killed', async () => {
    const { pid } = database()
    const asking = Array.from({ length: 8 }, () => answers(app))
    process.kill(pid, 'SIGKILL')
    await until(
      'the database is another one',
      () => ![undefined, pid].includes(readPidFile(clusterOf(dataDir))?.pid),
    )
    await Promise.all(asking)
    await until('the site is ready again', () => answers(app))
    expect(lives(app.pid)).toBe(true)
    expect(await ask(database(), 'select n from kept')).toEqual([{ n: 7 }])
  })

  test('leaves nothing running when it is killed itself, and starts again', async () => {
    await until('the worker runs', () => workerOf(app) !== undefined)
    const children = childrenOf(app.pid)
    const postgres = database().pid
    expect(children).toContain(postgres)
    await app.kill()
    app = await start()
    expect(await answers(app, '/')).toBe(true)
    expect(await ask(database(), 'select n from kept')).toEqual([{ n: 7 }])
    await until('the old worker has gone', () => children.every((pid) => pid === postgres || !lives(pid)))
  })

  test('stops everything by itself when it is asked to', async () => {
    await until('the worker runs', () => workerOf(app) !== undefined)
    const all = [app.pid, ...childrenOf(app.pid)]
    await app.stop()
    // One that is not done after ten seconds ends itself with 1.
    expect(await app.ended).toBe(0)
    await until('nothing of it runs', () => !all.some(lives))
  })
})

describe('the port', () => {
  afterEach(stopAll)

  test('that was asked for and is taken is an error that names the next free one', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const app = await start({ PORT: String(port) })
    expect(await app.ended).toBe(1)
    expect(app.printed()).toMatch(new RegExp(`Port ${port} is taken\\. The next free one is \\d+`))
    taken.close()
  })

  test('of last time is taken again, so that links in mails stay right', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const address = free.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise((resolve) => free.close(resolve))
    const first = await start({ PORT: String(port) })
    await first.stop()
    const second = await start()
    expect(new URL(second.address).port).toBe(String(port))
  })

  test('that was not asked for is the next free one', async () => {
    const folders = [filledDataFolder(), filledDataFolder()] as const
    const first = await start({ DATA_DIR: folders[0] })
    const second = await start({ DATA_DIR: folders[1] })
    expect(Number(new URL(second.address).port)).toBeGreaterThan(Number(new URL(first.address).port))
    expect(await answers(second, '/healthz')).toBe(true)
    await Promise.all([first.stop(), second.stop()])
    folders.forEach(removeDataFolder)
  })
})

describe('a part alone', () => {
  afterEach(stopAll)

  test('the worker without the web has no address and no port', async () => {
    const app = await start({ ROLE: 'worker' })
    expect(app.address).toBe('')
    await until('the worker runs', () => workerOf(app) !== undefined)
  })

  test('a setting that cannot be meant is one plain sentence', async () => {
    const app = await start({ ROLE: 'everything' })
    expect(await app.ended).toBe(1)
    expect(app.printed().trim()).toBe('ROLE must be web, worker or all')
  })
})
