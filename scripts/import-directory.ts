import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { theSite } from '#kernel/viewer.ts'
import { isMessageKey, textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import {
  mostBytes,
  mostMegabytes,
  sorts,
  sourceInput,
  type Counts,
  type LeftOut,
} from '#letters/directory.ts'
import { sayField } from '#letters/say-field.ts'
import { bringInStep, previewStep, takeBackStep, type Kept } from '#letters/server/import/steps.ts'
import type { LeftOutAll } from '#letters/server/import/stage.ts'
import { addressWaiting } from '#letters/server/writes/address-waiting.ts'
import { bringInDirectory, giveDirectory, undoDirectory } from '#letters/server/writes/directory-import.ts'
import { readConfig } from '#platform/server/config.ts'
import { connect, inTransaction, urlOf, type Db } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { withDatabase } from '#platform/server/with-database.ts'
import { plainly } from './backup/plainly.ts'

const usage =
  'npm run import:directory -- FILE --source NAME --licence LICENCE --link ADDRESS [--date YYYY-MM-DD] [--preview]\nor: npm run import:directory -- --undo ID'
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const text = textIn('en')
const say = (key: string, params: Record<string, string | number>): string =>
  isMessageKey(key) ? text(key, params) : key

await plainly(async () => {
  const { values, positionals } = asked()
  const [file] = positionals
  if (values.undo !== undefined && !uuid.test(values.undo))
    throw new Error('That is not the id of an import.')
  const given = values.undo === undefined ? await whatIs(file, values) : null
  await withDatabase(readConfig().dataDir, async (address) => {
    const url = urlOf(address)
    await migrate(url)
    const db = connect(url, 2)
    try {
      if (values.undo !== undefined) await undo(db, values.undo)
      else if (given !== null && file !== undefined) await bringIn(db, file, given, values.preview)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new Error(text(error.key, error.params), { cause: error })
    } finally {
      await db.destroy()
    }
  })
})

function asked() {
  try {
    const word = { type: 'string' } as const
    return parseArgs({
      allowPositionals: true,
      options: {
        source: word,
        licence: word,
        link: word,
        date: word,
        undo: word,
        preview: { type: 'boolean', default: false },
      },
    })
  } catch (cause) {
    throw new Error(`Say it like this: ${usage}`, { cause })
  }
}

type Said = { source?: string; licence?: string; link?: string; date?: string }

/** Says what is missing, all of it at once. */
async function whatIs(file: string | undefined, { source, licence, link, date }: Said) {
  if (file === undefined) throw new Error(`Say which file: ${usage}`)
  const there = await stat(file).catch(() => null)
  if (!there?.isFile()) throw new Error(`There is no file ${file}.`)
  if (there.size > mostBytes) throw new Error(text('directory.wrong.large', { most: mostMegabytes }))
  const read = v.safeParse(sourceInput, {
    source: source ?? basename(file),
    licence,
    link,
    retrieved: date ?? dayOf(there.mtime, 'UTC'),
  })
  if (read.success) return read.output
  const missing = [...new Set(read.issues.map((issue) => issue.path?.[0]?.key))].map((field) =>
    field === 'retrieved' ? '--date' : `--${String(field)}`,
  )
  throw new Error(`This is missing, or cannot be right: ${missing.join(', ')}.\n${usage}`)
}

async function bringIn(db: Db, file: string, given: v.InferOutput<typeof sourceInput>, only: boolean) {
  const began = performance.now()
  const bytes = createReadStream(file) as AsyncIterable<Uint8Array>
  const now = new Date()
  const { id } = await giveDirectory(db, theSite, { ...given, bytes, quiet: true }, now)
  await previewStep(db, id)
  const looked = await show(db, id)
  if (looked.state === 'failed') throw new Error(looked.problem ?? '')
  if (looked.open) {
    console.log(`It has to be said which column is what: open /desk/directory/imports/${id}`)
    return
  }
  if (only) {
    console.log(`Nothing was brought in. Look at it, and bring it in, at /desk/directory/imports/${id}`)
    return
  }
  await bringInDirectory(db, theSite, { formKey: '', id, quiet: true }, now)
  await bringInStep(db, id, now)
  await inTransaction(db, (trx) => addressWaiting(trx, now))
  console.log(`Brought in within ${((performance.now() - began) / 1000).toFixed(1)} s.`)
  console.log(`To take it back: npm run import:directory -- --undo ${id}`)
}

async function show(db: Db, id: string) {
  const row = await db
    .selectFrom('directoryImports')
    .select(['state', 'problem', 'counts', 'leftOut', 'format', 'choices'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const counts = row.counts as Counts
  for (const sort of sorts) {
    const of = counts[sort]
    if (of)
      console.log(
        `${sort.padEnd(14)} ${of.new} new, ${of.changed} changed, ${of.ended} ended, ${of.same} the same`,
      )
  }
  const left = row.leftOut as Partial<LeftOutAll>
  list(
    text('directory.left', { count: left.count ?? 0 }),
    left.first?.filter((one) => one.part !== true),
  )
  list(
    text('directory.parts', { count: left.parts ?? 0 }),
    left.first?.filter((one) => one.part === true),
  )
  const problem = row.problem as { key: string; params: Record<string, string | number> } | null
  const { chosen } = row.choices as Kept
  return {
    state: row.state,
    problem: problem && say(problem.key, problem.params),
    open: row.format === 'csv' && chosen?.columns.organisation === undefined,
  }
}

function list(title: string, all: readonly LeftOut[] = []): void {
  if (all.length === 0) return
  console.log(`${title}:`)
  for (const { line, key, params } of all) console.log(`  line ${line}: ${text(key, sayField(params, 'en'))}`)
}

async function undo(db: Db, id: string) {
  await undoDirectory(db, theSite, { formKey: '', id, quiet: true }, new Date())
  const outcome = await takeBackStep(db, id, new Date())
  console.log(outcome === null ? 'It was taken back before.' : text('directory.taken-back', outcome))
}
