import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '#platform/server/db.ts'
import { type App, removeDataFolder, startApp } from '../app.ts'
import { makeMany } from '../many.ts'
import { databaseOf, filledDataFolder } from '../site.ts'

const dataDir = filledDataFolder()
let app: App
let db: Db
beforeAll(async () => {
  app = await startApp({ DATA_DIR: dataDir })
  db = databaseOf({ dataDir })
})
afterAll(async () => {
  await db.destroy()
  await app.stop()
  removeDataFolder(dataDir)
})

const get = (path: string) => fetch(app.address + path)

describe('more than anybody has', () => {
  test('a spreadsheet of fifty megabytes is refused in words before it is read', async () => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(50 * 1024 * 1024)]), 'week.csv')
    const answer = await fetch(`${app.address}/activities/import`, {
      method: 'POST',
      body: form,
      headers: { accept: 'text/html', origin: app.address },
    })
    expect(answer.status).toBe(413)
    const page = await answer.text()
    expect(page).toMatch(/<h1[^>]*>This is too large/)
    expect(page).toContain('We can take 10 MB at most here')
    expect(page).toMatch(/href="\/activities\/import"[^>]*>[^]*Back to the form/)
  })

  test('ten thousand places in one box are answered in words', async () => {
    const places = Array.from({ length: 10_000 }, (_, at) => `Town ${at}`).join(', ')
    for (const path of ['/activities?place=', '/activities?q=', '/stories?q=']) {
      const answer = await get(path + encodeURIComponent(places))
      expect(answer.status).toBe(431)
      expect(await answer.text()).toContain('<h1>This is too long</h1>')
    }
    const page = await (await get('/activities')).text()
    for (const name of ['q', 'place'])
      expect(page).toMatch(new RegExp(`<input(?=[^>]*name="${name}")(?=[^>]*maxlength="200")`))
  })

  describe('75,000 activities', () => {
    beforeAll(async () => {
      const week = { year: 2031, monday: '2031-10-13', name: 'A large week' }
      await db
        .insertInto('weeks')
        .values({ ...week, state: 'announced', announced: new Date() })
        .execute()
      await sql`insert into kinds select 2031, code, position, names, hints, ten_minutes, titles, how, drawing,
        default_minutes from kinds where week = 2027`.execute(db)
      // Making so many rows takes longer than a page may.
      await db.connection().execute(async (on) => {
        await sql`set statement_timeout = 0`.execute(on)
        await makeMany(on, 75_000, 2031)
      })
    }, 120_000)
    test('are a calendar that is written as it is read, while others are answered, and holds each', async () => {
      const answer = await get('/activities.ics?week=2031')
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      let events = 0
      const take = async (): Promise<boolean> => {
        const { value = '', done = true } = (await reader?.read()) ?? {}
        const lines = (rest + value).split('\r\n')
        rest = lines.pop() ?? ''
        events += lines.filter((line) => line === 'BEGIN:VEVENT').length
        return !done
      }
      await take()
      const other = await (await get('/activities.json?week=2031&limit=1')).json()
      expect(other).toMatchObject({ total: 75_000 })
      expect(events).toBeLessThan(10_000)
      while (await take());
      // A series is an event for each of its dates.
      const dates = await sql<{ count: number }>`select count(*) as count from activities a
        left join occurrences o on o.activity = a.id where a.week = 2031`.execute(db)
      expect(events).toBe(dates.rows[0]?.count)
    })

    test.each([
      '-180,-90,180,90&zoom=0',
      '-180,-90,180,90&zoom=22',
      '-2,53,-1,54&zoom=6',
      '170,-45,-170,-30&zoom=5',
    ])('on the map of %s weigh less than 100 kB', async (box) => {
      const map = await get(`/activities.geojson?week=2031&bbox=${box}`)
      expect(map.status).toBe(200)
      const body = await map.text()
      expect(Buffer.byteLength(body)).toBeLessThan(100_000)
      expect((JSON.parse(body) as { features: unknown[] }).features.length).toBeGreaterThan(0)
    })
  })
})
