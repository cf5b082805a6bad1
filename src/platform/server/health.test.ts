import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { minute } from '#kernel/limits.ts'
import { beat } from '#platform/server/beats.ts'
import { readConfig } from '#platform/server/config.ts'
import { connect } from '#platform/server/db.ts'
import { answerCheck, ready } from '#platform/server/health.ts'
import { answers, keptPages, seconds } from '#platform/server/metrics.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()
const nowhere = connect('postgresql:///nothing?host=/not/there', 1)
const dataDir = mkdtempSync(join(tmpdir(), 'abe-health-'))
const config = readConfig({ DATA_DIR: dataDir, METRICS_TOKEN: 'let-me-in' })

const store = fileStore(join(dataDir, 'store'))
writeFileSync(join(dataDir, 'file'), '')
const nowhereToStore = fileStore(join(dataDir, 'file', 'store'))
const ledger = { open: () => true, trusted: async () => true }
const whole = { replayed: true, ledger: true }
let door: Parameters<typeof answerCheck>[0] = { config, db, store, ledger }
const server = createServer((request, response) => {
  void answerCheck(door, request, response).then((answered) => answered || response.writeHead(418).end())
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
const ask = (path: string, headers: Record<string, string> = {}) => fetch(origin + path, { headers })

beforeEach(async () => {
  door = { config, db, store, ledger }
  await beat(db, 'worker')
})
afterAll(async () => {
  server.close()
  await nowhere.destroy()
  rmSync(dataDir, { recursive: true })
})

describe('/readyz', () => {
  const answer = async () => {
    const { status, headers, json } = await ask('/readyz').then(async (one) => ({
      status: one.status,
      headers: one.headers,
      json: (await one.json()) as unknown,
    }))
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    return { status, json }
  }

  test('says yes when the database answers, files can be stored and the worker lives', async () => {
    expect(await answer()).toEqual({
      status: 200,
      json: { database: true, storage: true, queue: true, ...whole },
    })
  })

  test('says which part is away: the database, and the queue that lies in it', async () => {
    door = { config, db: nowhere, store, ledger }
    expect(await answer()).toEqual({
      status: 503,
      json: { database: false, storage: true, queue: false, replayed: true, ledger: false },
    })
  })

  test('says which part is away: the store', async () => {
    door = { config, db, store: nowhereToStore, ledger }
    expect(await answer()).toEqual({
      status: 503,
      json: { database: true, storage: false, queue: true, ...whole },
    })
  })

  test('says which part is away: a worker that has been silent for two minutes, or was never there', async () => {
    await beat(db, 'worker', new Date(Date.now() - 2 * minute))
    expect(await answer()).toEqual({
      status: 503,
      json: { database: true, storage: true, queue: false, ...whole },
    })
    await beat(db, 'worker', new Date(Date.now() - minute))
    expect((await ready({ db, store, ledger })).queue).toBe(true)
    await db.deleteFrom('beats').execute()
    expect((await answer()).json).toMatchObject({ queue: false })
  })

  test('says no until what was withdrawn is in force here', async () => {
    door = { ...door, ledger: { open: () => false, trusted: async () => false } }
    expect(await answer()).toMatchObject({ status: 503, json: { replayed: false, ledger: false } })
  })

  test('says that the ledger cannot be trusted, and yes: everything that needs no permission is answered', async () => {
    door = { ...door, ledger: { open: () => true, trusted: async () => false } }
    expect(await answer()).toMatchObject({ status: 200, json: { replayed: true, ledger: false } })
  })
})

test('/healthz says that the process lives, whatever else does not', async () => {
  door = { config, db: nowhere, store: nowhereToStore, ledger }
  const answer = await ask('/healthz')
  expect([answer.status, await answer.text()]).toEqual([200, 'ok\n'])
})

describe('/metrics', () => {
  test('counts answers, their seconds and the kept pages, each explained, as Prometheus reads it', async () => {
    answers.inc({ status: '2xx', from: 'cache' }, 3)
    seconds.observe(0.02)
    keptPages.set(7)
    const answer = await ask('/metrics')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const lines = (await answer.text()).trim().split('\n')
    const sample = /^[a-z_]\w*(\{(\w+="[^"]*",?)+\})? (-?[\d.e+-]+|NaN|\+Inf)$/
    expect(lines.filter((line) => line !== '' && !line.startsWith('#') && !sample.test(line))).toEqual([])
    expect(lines).toEqual(
      expect.arrayContaining([
        'abe_answers_total{status="2xx",from="cache"} 3',
        'abe_answer_seconds_bucket{le="0.01"} 0',
        'abe_answer_seconds_bucket{le="0.025"} 1',
        'abe_answer_seconds_count 1',
        'abe_kept_pages 7',
        `abe_process_id ${process.pid}`,
        '# TYPE abe_answers_total counter',
        '# TYPE abe_answer_seconds histogram',
        '# TYPE abe_kept_pages gauge',
      ]),
    )
    expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true)
    const names = lines.flatMap((line) => /^# TYPE (\w+)/.exec(line)?.[1] ?? [])
    expect(names.filter((name) => !lines.some((line) => line.startsWith(`# HELP ${name} `)))).toEqual([])
  })

  test('are for this machine, or for whoever has the token', async () => {
    const far = { 'x-forwarded-for': '203.0.113.9' }
    expect((await ask('/metrics')).status).toBe(200)
    expect((await ask('/metrics', far)).status).toBe(404)
    expect((await ask('/metrics', { ...far, authorization: 'Bearer guessed' })).status).toBe(404)
    expect((await ask('/metrics', { ...far, authorization: 'Bearer let-me-in' })).status).toBe(200)
    door = { config: { ...config, metricsToken: null }, db, store, ledger }
    expect((await ask('/metrics', { ...far, authorization: 'Bearer null' })).status).toBe(404)
  })
})

test('every other address is left to the pages', async () => {
  expect((await ask('/healthz/more')).status).toBe(418)
  expect((await ask('/')).status).toBe(418)
})
