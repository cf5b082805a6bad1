import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
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
