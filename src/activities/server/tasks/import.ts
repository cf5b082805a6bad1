import { sql } from 'kysely'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import type { Draft, ImportState, Choices } from '#activities/import.ts'
import { mostFetched, type FileContent } from '#activities/import-columns.ts'
import { readFile } from '#activities/server/reads/import-file.ts'
import { fingerprintOf, planImport, type PlanRow } from '#activities/server/reads/import-plan.ts'
import { bringIn, takeBack, type Owner } from '#activities/server/writes/import-row.ts'
import { softEdge } from '#activities/timing.ts'
import { minute } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import { addDays, dayOf } from '#kernel/times.ts'
import { reviews, theSite } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { fetchOutside, type OutsideLimits } from '#platform/server/outside.ts'
import { addJob, idIn, type Task } from '#platform/server/queue.ts'

/** How many rows one transaction brings in or takes back. */
const atOnce = 200

type Import = {
  id: string
  account: string | null
  week: number
  monday: string
  source: string
  state: ImportState
  given: Buffer | null
  content: FileContent | null
  choices: Choices
}

async function importBy(db: Db, id: string): Promise<Import | null> {
  const row = await db
    .selectFrom('imports as i')
    .innerJoin('weeks', 'weeks.year', 'i.week')
    .select([
      'i.id',
      'i.account',
      'i.week',
      'weeks.monday',
      'i.source',
      'i.state',
      'i.given',
      'i.content',
      'i.choices',
    ])
    .where('i.id', '=', id)
    .executeTakeFirst()
  return row ? (row as Import) : null
}

const limits: OutsideLimits = {
  most: mostFetched,
  longest: minute / 4,
  redirects: 3,
  accept: 'text/calendar, */*;q=0.5',
}

/** What a reader did not foresee would be so again: it is said at once. The log keeps where it was, not its message, which quotes the file. */
function inWords(error: unknown): never {
  if (error instanceof Refusal) throw error
  const { kind, stack } = safeError(error)
  log.error({ task: 'import.given', error: { kind, stack } }, 'a file could not be read')
  throw new Refusal('invalid', 'import.wrong.unforeseen', {}, 'file')
}

async function contentFor(found: Import, outside: OutsideLimits, now: Date): Promise<FileContent> {
  if (found.content) return found.content
  const bytes = found.given ?? (await fetchOutside(found.source, outside))
  const first = addDays(found.monday, -softEdge)
  const today = dayOf(now, 'Etc/GMT+12')
  const window = { from: first > today ? first : today, to: addDays(found.monday, 6 + softEdge) }
  return readFile(bytes, window).catch(inWords)
}

/** Makes the task that reads what was given and keeps its preview; what cannot be read is kept with its reason. Does nothing about an import that is past it. */
export const readGiven =
  (outside: OutsideLimits = limits): Task =>
  async (db, payload, now) => {
    const found = await importBy(db, idIn(payload, 'import'))
    if (!found || found.state !== 'reading' || found.account === null) return
    try {
      const content = await contentFor(found, outside, now)
      const plan = await planOf(db, { ...found, content, account: found.account }, now)
      await inTransaction(db, (trx) => keepPlan(trx, found.id, { content, plan }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await db
        .updateTable('imports')
        .set({
          state: 'failed',
          given: null,
          problem: JSON.stringify({ key: error.key, params: error.params }),
        })
        .where('id', '=', found.id)
        .where('state', '=', 'reading')
        .execute()
    }
  }

async function planOf(db: Db, found: Import & { content: FileContent; account: string }, now: Date) {
  const viewer = await viewerFor(db, found.account)
  const { account, content, choices } = found
  return planImport(
    db,
    viewer,
    { account, content, choices, week: { year: found.week, monday: found.monday } },
    now,
  )
}

async function keepPlan(
  trx: Trx,
  id: string,
  read: { content: FileContent; plan: PlanRow[]; problem?: string },
): Promise<void> {
  await trx.deleteFrom('importRows').where('import', '=', id).execute()
  for (let at = 0; at < read.plan.length; at += 1000) {
    const part = read.plan.slice(at, at + 1000).map((row, place) => ({ ...row, position: at + place }))
    await sql`insert into import_rows
        (import, position, line, action, name, draft, mistakes, doubles, source_id, fingerprint, activity)
      select ${id}::uuid, r.position, r.line, r.action, r.name, nullif(r.draft, 'null'), r.mistakes, r.doubles,
        r."sourceId", r.fingerprint, r.activity
      from jsonb_to_recordset(${JSON.stringify(part)}::jsonb) as r (position int, line int, action text, name text,
        draft jsonb, mistakes jsonb, doubles jsonb, "sourceId" text, fingerprint text, activity uuid)`.execute(
      trx,
    )
  }
  await trx
    .updateTable('imports')
    .set({
      state: 'previewed',
      given: null,
      content: JSON.stringify(read.content),
      problem: read.problem === undefined ? null : JSON.stringify({ key: read.problem, params: {} }),
    })
    .where('id', '=', id)
    .execute()
}

/** What of a plan somebody agreed to when they pressed. */
const agreed = (
  rows: { action: string; sourceId: string | null; fingerprint: string | null; activity: string | null }[],
) => fingerprintOf(rows.map((row) => [row.action, row.sourceId, row.fingerprint, row.activity]))

/** Asks once more what the rows become; when that is not what was shown, shows the new preview instead and answers false. */
async function stillAgreed(db: Db, found: Import & { account: string }, now: Date): Promise<boolean> {
  const { content } = found
  if (!content) return true
  const shown = await db
    .selectFrom('importRows')
    .select(['action', 'sourceId', 'fingerprint', 'activity', 'outcome'])
    .where('import', '=', found.id)
    .orderBy('position')
    .execute()
  if (shown.some((row) => row.outcome !== null)) return true
  const plan = await planOf(db, { ...found, content }, now)
  if (agreed(plan) === agreed(shown)) return true
  await inTransaction(db, (trx) =>
    keepPlan(trx, found.id, { content, plan, problem: 'import.changed-since' }),
  )
  return false
}

async function ownerOf(db: Db, found: Import & { account: string }): Promise<Owner> {
  const viewer = await viewerFor(db, found.account)
  const account = await db
    .selectFrom('accounts')
    .select(['email', 'trusted'])
    .where('id', '=', found.account)
    .executeTakeFirstOrThrow()
  return {
    viewer,
    account: found.account,
    email: account.email,
    week: found.week,
    import: found.id,
    state: account.trusted || reviews(viewer) ? 'published' : 'waiting',
  }
}

/** Brings in what was previewed, two hundred rows in a transaction; goes on where it stopped. */
export const bringInPressed: Task = async (db, payload, now) => {
  const found = await importBy(db, idIn(payload, 'import'))
  if (!found || found.state !== 'doing' || found.account === null) return
  const mine = { ...found, account: found.account }
  if (!(await stillAgreed(db, mine, now))) return
  const owner = await ownerOf(db, mine)
  while (await inTransaction(db, (trx) => bringSome(trx, owner, now)));
}

async function lockStep(trx: Trx, id: string, state: ImportState): Promise<boolean> {
  const row = await trx
    .selectFrom('imports')
    .select('state')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row?.state === state
}

async function bringSome(trx: Trx, owner: Owner, now: Date): Promise<boolean> {
  if (!(await lockStep(trx, owner.import, 'doing'))) return false
  // Two files of one account take turns, so that a row that stands in both is made once.
  await sql`select pg_advisory_xact_lock(hashtextextended(${owner.account}, 5))`.execute(trx)
  const rows = await trx
    .selectFrom('importRows')
    .select(['position', 'action', 'draft', 'sourceId', 'activity'])
    .where('import', '=', owner.import)
    .where('action', 'in', ['new', 'changed', 'called-off'])
    .where('leftOut', '=', false)
    .where('outcome', 'is', null)
    .orderBy('position')
    .limit(atOnce)
    .execute()
  for (const row of rows) {
    const brought = await bringIn(
      trx,
      owner,
      { ...row, draft: row.draft as Draft, sourceId: row.sourceId ?? '' },
      now,
    )
    await trx
      .updateTable('importRows')
      .set({
        activity: brought.activity,
        outcome: brought.outcome,
        before: brought.before === undefined ? null : JSON.stringify(brought.before),
        after: brought.after ?? null,
      })
      .where('import', '=', owner.import)
      .where('position', '=', row.position)
      .execute()
  }
  if (rows.length === atOnce) return true
  await trx
    .updateTable('imports')
    .set({ state: 'done', done: now, content: null })
    .where('id', '=', owner.import)
    .execute()
  await addJob(trx, 'import.done', { import: owner.import }, { key: `import-done:${owner.import}` })
  await writeDown(trx, owner.viewer, { action: 'import.done', subject: `imports:${owner.import}` })
  return false
}

/** Takes back what an import did, two hundred rows in a transaction; goes on where it stopped. */
export const takeBackImport: Task = async (db, payload, now) => {
  const found = await importBy(db, idIn(payload, 'import'))
  if (!found || found.state !== 'undoing') return
  const by = payload['by']
  const viewer = typeof by === 'string' ? await viewerFor(db, by) : theSite
  const base = found.account === null ? null : await ownerOf(db, { ...found, account: found.account })
  const owner: Owner = {
    ...(base ?? { account: '', email: '', week: found.week, import: found.id, state: 'waiting' }),
    viewer,
    account: base?.account ?? '',
  }
  while (await inTransaction(db, (trx) => undoSome(trx, owner, now)));
}

async function undoSome(trx: Trx, owner: Owner, now: Date): Promise<boolean> {
  if (!(await lockStep(trx, owner.import, 'undoing'))) return false
  const rows = await trx
    .selectFrom('importRows')
    .select(['position', 'outcome', 'activity', 'before', 'after'])
    .where('import', '=', owner.import)
    .where('outcome', 'in', ['made', 'changed', 'called-off'])
    .orderBy('position')
    .limit(atOnce)
    .execute()
  for (const row of rows) {
    const outcome = await takeBack(trx, owner, { ...row, outcome: row.outcome ?? '' }, now)
    await trx
      .updateTable('importRows')
      .set({ outcome })
      .where('import', '=', owner.import)
      .where('position', '=', row.position)
      .execute()
  }
  if (rows.length === atOnce) return true
  await trx
    .updateTable('imports')
    .set({ state: 'undone', undone: now })
    .where('id', '=', owner.import)
    .execute()
  return false
}
