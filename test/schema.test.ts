import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeSchema } from '../scripts/schema/catalogue.ts'
import { testDatabase } from './db.ts'

const db = await testDatabase()

test('db/schema.sql is what the migrations make', async () => {
  expect(readFileSync('db/schema.sql', 'utf8')).toBe(await describeSchema(db))
})

test('the types of the tables are those of the migrated database', () => {
  execFileSync(process.execPath, ['scripts/schema-types.ts', '--verify', db.url], { stdio: 'pipe' })
})

test('whatever is removed in numbers finds by an index what points to it', async () => {
  const { rows } = await sql<{ key: string }>`
    select c.conrelid::regclass || '.' || a.attname as key
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid::regclass::text in ('activities', 'occurrences', 'imports', 'rsvps', 'stories')
      and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
        and coalesce(pg_get_expr(i.indpred, i.indrelid) = '(' || quote_ident(a.attname) || ' IS NOT NULL)', true))
    order by 1`.execute(db)
  expect(rows.map((row) => row.key)).toEqual([])
})
