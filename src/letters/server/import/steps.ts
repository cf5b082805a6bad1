import { sql } from 'kysely'
import type { Choices, Counts, ImportState } from '#letters/directory.ts'
import { bringInChanges, takeBackChanges } from '#letters/server/import/bring.ts'
import { compareStaged } from '#letters/server/import/compare.ts'
import { laterImport, schemeOf } from '#letters/server/import/later.ts'
import {
  formatOf,
  headOf,
  readPopolo,
  readTable,
  type Bytes,
  type Head,
} from '#letters/server/import/read.ts'
import { stageRows, type LeftOutAll } from '#letters/server/import/stage.ts'
import { Refusal } from '#kernel/refusal.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** What an import keeps of a table: its head, and what was answered about it. */
export type Kept = { head?: Head; chosen?: Choices; nation?: string | null }

export type ImportRow = {
  id: string
  source: string
  format: 'popolo' | 'csv'
  state: ImportState
  choices: Kept
}

const pieceBytes = 1024 * 1024

/** Answers the bytes of the file of an import, a megabyte at a time. */
export const bytesOf = (db: Db, id: string): Bytes =>
  async function* () {
    for (let position = 0; ; position += 1) {
      const row = await db
        .selectFrom('directoryFiles')
        .select('bytes')
        .where('import', '=', id)
        .where('position', '=', position)
        .executeTakeFirst()
      if (!row) return
      yield row.bytes
    }
  }

/** Keeps a file for an import, a megabyte at a time; refuses more bytes than are brought in. Answers how many there were. */
export async function keepBytes(
  trx: Trx,
  id: string,
  bytes: AsyncIterable<Uint8Array>,
  most: { bytes: number; megabytes: number },
): Promise<number> {
  let [size, position] = [0, 0]
  let parts: Uint8Array[] = []
  let waiting = 0
  const put = async (piece: Buffer): Promise<void> => {
    await trx.insertInto('directoryFiles').values({ import: id, position, bytes: piece }).execute()
    position += 1
  }
  for await (const part of bytes) {
    size += part.length
    if (size > most.bytes) {
      throw new Refusal('invalid', 'directory.wrong.large', { most: most.megabytes }, 'file')
    }
    parts.push(part)
    waiting += part.length
    while (waiting >= pieceBytes) {
      const whole = Buffer.concat(parts)
      await put(whole.subarray(0, pieceBytes))
      parts = [whole.subarray(pieceBytes)]
      waiting -= pieceBytes
    }
  }
  if (waiting > 0) await put(Buffer.concat(parts))
  if (size === 0) throw new Refusal('invalid', 'directory.wrong.empty', {}, 'file')
  return size
}

const lockStep = (trx: Trx, id: string) =>
  trx
    .selectFrom('directoryImports')
    .select(['id', 'source', 'format', 'state', 'choices'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst() as Promise<ImportRow | undefined>

/** Imports take turns, and need longer than a page does. */
async function takeTurn(trx: Trx): Promise<void> {
  await sql`select set_config('statement_timeout', '300s', true)`.execute(trx)
  await sql`select pg_advisory_xact_lock(hashtextextended('directory', 7))`.execute(trx)
}

/** Reads the file of an import and writes down what it would change: the preview. Does nothing about one that is past it. What cannot be read is kept with its reason. */
export async function previewStep(db: Db, id: string): Promise<void> {
  try {
    await inTransaction(db, async (trx) => {
      await takeTurn(trx)
      const found = await lockStep(trx, id)
      if (found?.state !== 'reading') return
      const format = await formatOf(bytesOf(trx, id), found.source)
      const choices = await answered(trx, found, format)
      const read = ready(format, choices) ? await readAndCompare(trx, { ...found, format, choices }) : null
      await trx
        .updateTable('directoryImports')
        .set({
          state: 'previewed',
          format,
          problem: null,
          choices: JSON.stringify(choices),
          counts: JSON.stringify(read?.counts ?? {}),
          leftOut: JSON.stringify(read?.left ?? {}),
        })
        .where('id', '=', id)
        .execute()
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await inTransaction(db, async (trx) => {
      const problem = JSON.stringify({ key: error.key, params: error.params })
      await trx
        .updateTable('directoryImports')
        .set({ state: 'failed', problem })
        .where('id', '=', id)
        .where('state', '=', 'reading')
        .execute()
      await trx.deleteFrom('directoryFiles').where('import', '=', id).execute()
    })
  }
}

async function answered(trx: Trx, found: ImportRow, format: 'popolo' | 'csv'): Promise<Kept> {
  if (format === 'popolo') return { nation: found.choices.nation ?? null }
  const head = found.choices.head ?? (await headOf(bytesOf(trx, found.id)))
  const chosen = { ...head.guessed, ...found.choices.chosen }
  return { head, chosen }
}

const ready = (format: 'popolo' | 'csv', { chosen }: Kept): boolean =>
  format === 'popolo' || chosen?.columns.organisation !== undefined

/** The same for a preview and for bringing in. */
async function readAndCompare(trx: Trx, found: ImportRow): Promise<{ counts: Counts; left: LeftOutAll }> {
  const bytes = bytesOf(trx, found.id)
  const scheme = schemeOf(found.source)
  const { chosen, nation = null } = found.choices
  const pieces =
    found.format === 'popolo' || chosen === undefined
      ? readPopolo(bytes, { scheme, nation })
      : readTable(bytes, { scheme, choices: chosen })
  const left = await stageRows(trx, pieces)
  return { counts: await compareStaged(trx, found), left }
}

/** Brings in what was previewed, compared once more with what stands in the directory now; lets the file go. Does nothing about one that is not pressed. */
export async function bringInStep(db: Db, id: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    await takeTurn(trx)
    const found = await lockStep(trx, id)
    if (found?.state !== 'doing') return
    const { counts, left } = await readAndCompare(trx, found)
    await bringInChanges(trx, found)
    await trx
      .updateTable('directoryImports')
      .set({ state: 'done', done: now, counts: JSON.stringify(counts), leftOut: JSON.stringify(left) })
      .where('id', '=', id)
      .execute()
    await trx.deleteFrom('directoryFiles').where('import', '=', id).execute()
  })
}

/** Takes an import back where nothing came after it. Does nothing about one that is not to be, and leaves one as it is that a later one holds on to. Answers how many rows are as they were, and how many stay. */
export const takeBackStep = (db: Db, id: string, now: Date): Promise<{ back: number; stay: number } | null> =>
  inTransaction(db, async (trx) => {
    await takeTurn(trx)
    const found = await lockStep(trx, id)
    if (found?.state !== 'undoing') return null
    if (await laterImport(trx, found)) {
      // It was pressed after this was, and came first.
      await trx.updateTable('directoryImports').set({ state: 'done' }).where('id', '=', id).execute()
      return null
    }
    const outcome = await takeBackChanges(trx, found)
    const stays = JSON.stringify({ key: 'directory.taken-back', params: outcome })
    await trx
      .updateTable('directoryImports')
      .set({ state: 'undone', undone: now, problem: stays })
      .where('id', '=', id)
      .execute()
    return outcome
  })
