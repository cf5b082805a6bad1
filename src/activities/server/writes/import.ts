import type * as v from 'valibot'
import { mayImport, maySeeImport, mayUndoImport } from '#activities/may.ts'
import { mostBytes } from '#activities/import-columns.ts'
import {
  mostMegabytes,
  noChoices,
  type choicesInput,
  type doInput,
  type Given,
  type undoInput,
} from '#activities/import.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { cleanLine } from '#kernel/words.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { addJob } from '#platform/server/queue.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import { weekState } from '#weeks/week.ts'

/** Answers an import, locked until the transaction ends; looks like nothing is there to whoever may not see it. */
export async function lockImport(trx: Trx, viewer: Viewer, id: string) {
  const row = await trx
    .selectFrom('imports')
    .select(['id', 'account', 'week', 'source', 'fetched', 'state', 'choices', 'content'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row || !maySeeImport(viewer, row.account)) throw missing()
  return row
}

/** Keeps a file, or the address of a calendar, to be read and previewed in the background. Brings nothing in. Twenty in an hour for one account; the same form pressed twice keeps it once. */
export async function previewImport(
  db: Db,
  viewer: Viewer,
  given: Given,
  now: Date,
): Promise<{ id: string }> {
  const { account } = viewer
  if (!mayImport(viewer) || account === null) throw new Refusal('forbidden', 'refusal.forbidden')
  const { file, address } = given
  const hasFile = file !== null && file.bytes.length > 0
  // A form without a file sends one without a name.
  if (file !== null && file.name !== '' && !hasFile)
    throw new Refusal('invalid', 'import.wrong.empty', {}, 'file')
  if (!hasFile && address === null) throw new Refusal('invalid', 'import.nothing-given', {}, 'file')
  if (hasFile && file.bytes.length > mostBytes) {
    throw new Refusal('invalid', 'import.wrong.large', { most: mostMegabytes }, 'file')
  }
  await countOrRefuse(db, { name: 'import', of: account, most: 20, minutes: 60 }, now)
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'import', given.formKey, async () => {
      const week = await currentWeek(trx, now)
      const step = weekState(week, now).state
      if (!week || step === 'not-announced' || step === 'over') throw new Refusal('conflict', 'say.no-week')
      const name = hasFile ? cleanLine(file.name).slice(0, 200) || 'file' : (address ?? '')
      const made = await trx
        .insertInto('imports')
        .values({
          account,
          week: week.year,
          source: name,
          fetched: !hasFile,
          given: hasFile ? Buffer.from(file.bytes) : null,
          choices: JSON.stringify(noChoices),
          created: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await addJob(trx, 'import.given', { import: made.id }, { key: `import:${made.id}`, maxAttempts: 3 })
      return made
    }),
  )
}

/** Keeps the answers to what the file left open, and has its preview made again. */
export const chooseForImport = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof choicesInput>,
  _now: Date,
): Promise<{ id: string }> =>
  inTransaction(db, async (trx) => {
    const found = await lockImport(trx, viewer, input.id)
    if (viewer.account !== found.account) throw missing()
    if (found.state !== 'previewed') throw new Refusal('conflict', 'import.refusal.step')
    const { id, ...choices } = input
    await trx
      .updateTable('imports')
      .set({ choices: JSON.stringify(choices), state: 'reading', problem: null })
      .where('id', '=', id)
      .execute()
    await addJob(trx, 'import.given', { import: id }, { key: `import:${id}`, maxAttempts: 3 })
    return { id }
  })

/** Has the rows of a preview brought in, but for those left out and those with mistakes; the hosts whom the file names are written to only when that is ticked. Pressing again does nothing. */
export const doImport = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof doInput>,
  _now: Date,
): Promise<{ id: string }> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'import-do', input.formKey, async () => {
      const found = await lockImport(trx, viewer, input.id)
      if (viewer.account !== found.account) throw missing()
      if (found.state === 'doing' || found.state === 'done') return { id: input.id }
      if (found.state !== 'previewed') throw new Refusal('conflict', 'import.refusal.step')
      await trx.updateTable('importRows').set({ leftOut: false }).where('import', '=', input.id).execute()
      if (input.leave.length > 0) {
        await trx
          .updateTable('importRows')
          .set({ leftOut: true })
          .where('import', '=', input.id)
          .where('position', 'in', input.leave)
          .execute()
      }
      await trx
        .updateTable('imports')
        .set({ state: 'doing', problem: null, tellHosts: input.tellHosts })
        .where('id', '=', input.id)
        .execute()
      await addJob(trx, 'import.pressed', { import: input.id }, { key: `import:${input.id}`, maxAttempts: 5 })
      return { id: input.id }
    }),
  )

/** Has an import taken back: what it made is withdrawn, what it changed is restored unless somebody edited it since. Pressing again does nothing. */
export const undoImport = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof undoInput>,
  _now: Date,
): Promise<{ id: string }> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'import-undo', input.formKey, async () => {
      const found = await lockImport(trx, viewer, input.id)
      if (!mayUndoImport(viewer, found.account)) throw new Refusal('forbidden', 'refusal.forbidden')
      if (found.state === 'undoing' || found.state === 'undone') return { id: input.id }
      if (found.state !== 'done') throw new Refusal('conflict', 'import.refusal.step')
      await trx
        .updateTable('imports')
        .set({ state: 'undoing', problem: null })
        .where('id', '=', input.id)
        .execute()
      await writeDown(trx, viewer, { action: 'import.undo', subject: `imports:${input.id}` })
      await addJob(
        trx,
        'import.taken-back',
        { import: input.id, by: viewer.account },
        { key: `import:${input.id}`, maxAttempts: 5 },
      )
      return { id: input.id }
    }),
  )
