import { mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { connect, urlOf } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { loadPlaces } from '#platform/server/places.ts'
import { startPostgres } from '#platform/server/postgres.ts'
import { fill, village, weekSize, type Size } from './data.ts'
import { directoryRow } from './directory.ts'
import { letterRows } from './letters.ts'
import { mailRow } from './mail.ts'
import { checkRow, replayRow } from './permission.ts'
import { firstVisibleRow, photographRow } from './photographs.ts'
import { neighbours } from './processes.ts'
import { cachedRows, idleMemory, readingRows, scriptRow, type Row, type Site } from './rows.ts'
import { withdrawalRow } from './withdrawal.ts'
import { mixedRow, writingRow } from './writing.ts'

/** Measures the rows of the speed table that exist by now, on data it makes itself, beside limits that it starts itself in the same run. */
async function bench(): Promise<void> {
  const folder = mkdtempSync('/tmp/abe-bench-')
  chmodSync(folder, 0o711)
  process.env['DATA_DIR'] = join(folder, 'data')
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), settings: ['max_connections=80'] })
  const rows: Row[] = []
  const show = async (measured: Promise<Row | Row[]>): Promise<void> => {
    for (const row of [await measured].flat()) {
      rows.push(row)
      console.log(line([row.what, row.we, row.bar, row.holds ? 'yes' : 'NO']))
    }
  }
  console.log(line(['what', 'we', 'limit or bar', 'holds']))
  try {
    await show(Promise.resolve(checkRow()))
    await show(photographRow())
    await show(letterRows())
    const quick = process.argv.includes('--village')
    for (const size of quick ? [village] : [village, weekSize]) {
      const site = await makeSite(urlOf(postgres.address), size)
      console.log(`${size.name}: ${size.activities} activities, ${size.stories} stories. ${neighbours([])}`)
      await show(readingRows(site, rows))
      await show(mixedRow(site, process.argv.includes('--long') ? 600 : 30))
      if (size !== village) continue
      await show(cachedRows(site))
      await show(scriptRow(site))
      await show(idleMemory(site))
      await show(writingRow(site))
      await show(mailRow(site))
      await show(firstVisibleRow(site))
      await show(withdrawalRow(site))
      await show(replayRow(site.url))
      await show(directoryRow(site.url))
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const missed = rows.filter((row) => !row.holds).length
  console.log(`\n${rows.length - missed} of ${rows.length} rows hold. ${neighbours([])}`)
  if (missed > 0) process.exitCode = 1
}

async function makeSite(server: string, size: Size): Promise<Site> {
  const name = `bench_${size.name.toLowerCase()}`
  const admin = connect(server, 1)
  const { sql } = await import('kysely')
  await sql`drop database if exists ${sql.id(name)}`.execute(admin)
  await sql`create database ${sql.id(name)}`.execute(admin)
  await admin.destroy()
  const url = server.replace(/\/\w+\?/, `/${name}?`)
  await migrate(url)
  // One connection: the spots live in a temporary table of it.
  const db = connect(url, 1)
  await loadPlaces(db, 15_000)
  await fill(db, size)
  await db.destroy()
  return { url, size }
}

const widths = [40, 52, 18, 3]
const line = (cells: string[]): string => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')

await bench()
