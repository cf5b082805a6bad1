import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'oxfmt'
import { connect } from '#platform/server/db.ts'
import rules from '../.oxfmtrc.json' with { type: 'json' }
import { columnTypes } from './schema/column-types.ts'

// Writes src/platform/server/schema.ts from a migrated database: `node scripts/schema-types.ts [--verify] URL`.
const file = join(import.meta.dirname, '../src/platform/server/schema.ts')
const url = process.argv.at(-1) ?? ''
const folder = mkdtempSync(join(tmpdir(), 'abe-types-'))
const made = join(folder, 'schema.ts')
const mapping = { timestamp: 'string', int8: 'number', date: 'string', bytea: 'Buffer', jsonb: 'unknown' }
const db = connect(url, 1)
const columns = await columnTypes(db)
await db.destroy()
execFileSync(
  process.execPath,
  [
    join(import.meta.dirname, '../node_modules/kysely-codegen/dist/cli/bin.js'),
    '--dialect',
    'postgres',
    '--camel-case',
    '--date-parser',
    'string',
    '--exclude-pattern',
    'graphile_worker.*',
    '--type-mapping',
    JSON.stringify(mapping),
    '--custom-imports',
    JSON.stringify({ Language: '#kernel/messages.ts' }),
    '--overrides',
    JSON.stringify({ columns }),
    '--url',
    url,
    '--out-file',
    made,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
)
const { code: words } = await format(made, readFileSync(made, 'utf8'), rules)
rmSync(folder, { recursive: true })
if (!process.argv.includes('--verify')) writeFileSync(file, words)
else if (readFileSync(file, 'utf8') !== words) {
  console.error('src/platform/server/schema.ts is not what the migrations make: npm run schema')
  process.exitCode = 1
}
