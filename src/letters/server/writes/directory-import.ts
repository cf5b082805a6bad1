import {
  mostBytes,
  mostMegabytes,
  type Choices,
  type ChoicesInput,
  type Column,
  type SourceInput,
} from '#letters/directory.ts'
import { laterImport } from '#letters/server/import/later.ts'
import { formatOf } from '#letters/server/import/read.ts'
import { bytesOf, keepBytes, type Kept } from '#letters/server/import/steps.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { addJob } from '#platform/server/queue.ts'

function refuseOthers(viewer: Viewer): void {
  if (!mayKeepDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
}

/** Keeps a file of the directory, to be read and previewed in the background; refuses one of more than 100 MB, and one that is no such file. Brings nothing in. The same form pressed twice keeps it once. */
export async function giveDirectory(
  db: Db,
  viewer: Viewer,
  given: SourceInput & { bytes: AsyncIterable<Uint8Array>; fileName?: string; quiet?: boolean },
  now: Date,
): Promise<{ id: string }> {
  refuseOthers(viewer)
  const { bytes, quiet = false, formKey, fileName, ...source } = given
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'directory-import', formKey, async () => {
      const made = await trx
        .insertInto('directoryImports')
        .values({ ...source, account: viewer.account, format: 'popolo', created: now })
        .returning('id')
        .executeTakeFirstOrThrow()
      await keepBytes(trx, made.id, bytes, { bytes: mostBytes, megabytes: mostMegabytes })
      // What is no such file is said where it was chosen.
      await formatOf(bytesOf(trx, made.id), fileName ?? source.source)
      if (!quiet) await putOff(trx, 'directory.given', made.id)
      return made
    }),
  )
}

const putOff = (trx: Trx, event: string, id: string): Promise<void> =>
  addJob(trx, event, { import: id }, { key: `directory:${id}`, maxAttempts: 3 })

async function lockImport(trx: Trx, id: string) {
  const row = await trx
    .selectFrom('directoryImports')
    .select(['id', 'state', 'choices', 'format'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing()
  return { ...row, choices: row.choices as Kept }
}

/** Keeps the answers about a table and has its preview made again. */
export const chooseColumns = (
  db: Db,
  viewer: Viewer,
  input: ChoicesInput,
  _now: Date,
): Promise<{ id: string }> =>
  inTransaction(db, async (trx) => {
    refuseOthers(viewer)
    const found = await lockImport(trx, input.id)
    if (found.state !== 'previewed' || found.format !== 'csv') throw new Refusal('conflict', 'directory.step')
    const { id, classification, nation, roleWord, idColumn, ...named } = input
    const columns: Choices['columns'] = {}
    for (const [column, at] of Object.entries({ ...named, id: idColumn }) as [Column, number | null][]) {
      if (at !== null) columns[column] = at
    }
    const chosen: Choices = { columns, classification, nation, role: roleWord }
    await trx
      .updateTable('directoryImports')
      .set({ choices: JSON.stringify({ ...found.choices, chosen }), state: 'reading' })
      .where('id', '=', id)
      .execute()
    await putOff(trx, 'directory.given', id)
    return { id }
  })

type Press = { formKey: string; id: string; quiet?: boolean }

/** Has what was previewed brought in. Pressing again does nothing. */
export const bringInDirectory = (db: Db, viewer: Viewer, input: Press, _now: Date): Promise<{ id: string }> =>
  inTransaction(db, async (trx) => {
    refuseOthers(viewer)
    const found = await lockImport(trx, input.id)
    if (found.state === 'doing' || found.state === 'done') return { id: found.id }
    if (found.state !== 'previewed') throw new Refusal('conflict', 'directory.step')
    if (found.format === 'csv' && found.choices.chosen?.columns.organisation === undefined) {
      throw new Refusal('conflict', 'directory.columns.organisation')
    }
    await trx.updateTable('directoryImports').set({ state: 'doing' }).where('id', '=', found.id).execute()
    await writeDown(trx, viewer, { action: 'directory.import', subject: `directory:${found.id}` })
    if (input.quiet !== true) await putOff(trx, 'directory.pressed', found.id)
    return { id: found.id }
  })

/** Has an import taken back; refuses one that a later one of its source holds on to, which goes first. Pressing again does nothing. */
export const undoDirectory = (db: Db, viewer: Viewer, input: Press, _now: Date): Promise<{ id: string }> =>
  inTransaction(db, async (trx) => {
    refuseOthers(viewer)
    const found = await lockImport(trx, input.id)
    if (found.state === 'undoing' || found.state === 'undone') return { id: found.id }
    if (found.state !== 'done') throw new Refusal('conflict', 'directory.step')
    if (await laterImport(trx, found)) throw new Refusal('conflict', 'directory.undo-first')
    await trx.updateTable('directoryImports').set({ state: 'undoing' }).where('id', '=', found.id).execute()
    await writeDown(trx, viewer, { action: 'directory.undo', subject: `directory:${found.id}` })
    if (input.quiet !== true) await putOff(trx, 'directory.taken-back', found.id)
    return { id: found.id }
  })
