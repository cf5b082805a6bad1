import { sql } from 'kysely'
import { maySeeImport, maySeeImports } from '#activities/may.ts'
import type { FileContent } from '#activities/import-columns.ts'
import { noDays } from '#activities/import-orders.ts'
import type { Choices, Draft, ImportState, Mistake, Question, RowAction } from '#activities/import.ts'
import type { Double } from '#activities/server/reads/import-doubles.ts'
import type { MessageKey, MessageParams } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** How many rows one page of a preview shows, and how many possible doubles. */
export const rowsShown = 50
export const doublesShown = 200

export type ImportRow = {
  position: number
  line: number
  action: RowAction
  name: string
  draft: Draft | null
  mistakes: Mistake[]
  doubles: Double[]
  leftOut: boolean
  outcome: string | null
  slug: string | null
}

const columns = ['r.position', 'r.line', 'r.action', 'r.name', 'r.draft', 'r.mistakes', 'r.doubles'] as const
const rowsOf = (db: Db, id: string) =>
  db
    .selectFrom('importRows as r')
    .leftJoin('activities as a', 'a.id', 'r.activity')
    .select(columns)
    .select(['r.leftOut', 'r.outcome', 'a.slug'])
    .where('r.import', '=', id)
    .orderBy('r.position')

type Raw = Awaited<ReturnType<ReturnType<typeof rowsOf>['execute']>>[number]
const rowOf = (row: Raw): ImportRow => ({
  ...row,
  draft: row.draft as Draft | null,
  mistakes: row.mistakes as Mistake[],
  doubles: row.doubles as Double[],
})

/** Answers one import by its id as it stands; looks like nothing is there to whoever may not see it. */
export async function importById(db: Db, viewer: Viewer, id: string) {
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)) throw missing()
  const row = await db
    .selectFrom('imports as i')
    .innerJoin('weeks', 'weeks.year', 'i.week')
    .select(['i.id', 'i.account', 'i.week', 'weeks.monday', 'i.source', 'i.fetched', 'i.state', 'i.problem'])
    .select(['i.choices', 'i.created'])
    .select(sql`i.content -> 'outside'`.as('outside'))
    .select(sql`i.content -> 'secret'`.as('secret'))
    .select(sql`i.content -> 'unknown'`.as('unknown'))
    .select(sql`i.content -> 'days'`.as('days'))
    .where('i.id', '=', id)
    .executeTakeFirst()
  if (!row || !maySeeImport(viewer, row.account)) throw missing()
  return {
    ...row,
    choices: row.choices as Choices,
    problem: row.problem as { key: MessageKey; params: MessageParams } | null,
    outside: (row.outside ?? 0) as FileContent['outside'],
    secret: (row.secret ?? 0) as FileContent['secret'],
    unknown: (row.unknown ?? []) as FileContent['unknown'],
    days: (row.days ?? noDays) as FileContent['days'],
  }
}

/** Answers how many rows of an import name no kind, and get the one chosen for the file. The caller has read the import. */
export async function kindsOpen(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from import_rows
    where import = ${id}::uuid and draft -> 'kindOpen' = 'true'::jsonb`.execute(db.withoutPlugins())
  return rows[0]?.count ?? 0
}

/** Answers how many addresses of other hosts the new rows of an import name. The caller has read the import. */
export async function hostsNamed(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct r.draft ->> 'hostEmail') as count from import_rows r
    join imports i on i.id = r.import left join accounts a on a.id = i.account
    where r.import = ${id}::uuid and r.action = 'new' and r.draft ->> 'hostEmail' is distinct from a.email`.execute(
    db.withoutPlugins(),
  )
  return rows[0]?.count ?? 0
}

/** Answers how many rows of an import become what, and what came of them. The caller has read the import. */
export async function countRows(
  db: Db,
  id: string,
): Promise<{ actions: Record<string, number>; outcomes: Record<string, number>; leftOut: number }> {
  const rows = await db
    .selectFrom('importRows')
    .select(['action', 'outcome', 'leftOut'])
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('import', '=', id)
    .groupBy(['action', 'outcome', 'leftOut'])
    .execute()
  const actions: Record<string, number> = {}
  const outcomes: Record<string, number> = {}
  let leftOut = 0
  for (const { action, outcome, leftOut: left, count } of rows) {
    actions[action] = (actions[action] ?? 0) + count
    if (outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + count
    if (left) leftOut += count
  }
  return { actions, outcomes, leftOut }
}

/** Answers one page of an import's rows, of one action or outcome when asked. */
export async function importRows(
  db: Db,
  id: string,
  of: { show: string | null; page: number },
): Promise<ImportRow[]> {
  const rows = await rowsOf(db, id)
    .$if(of.show !== null, (query) => query.where(sql<boolean>`${of.show} in (r.action, r.outcome)`))
    .limit(rowsShown)
    .offset((of.page - 1) * rowsShown)
    .execute()
  return rows.map(rowOf)
}

/** Answers the rows that may be there already, at most two hundred. */
export async function doubleRows(db: Db, id: string): Promise<ImportRow[]> {
  const rows = await rowsOf(db, id)
    .where((on) => on(on.fn('jsonb_array_length', ['r.doubles']), '>', 0))
    .limit(doublesShown)
    .execute()
  return rows.map(rowOf)
}

/** Answers what the file leaves open and can be answered once for all of it. */
export async function questionsOf(db: Db, id: string): Promise<Question[]> {
  const { rows } = await sql<{ asks: Question }>`select distinct m ->> 'asks' as asks
    from import_rows r, jsonb_array_elements(r.mistakes) m
    where r.import = ${id}::uuid and m ? 'asks'`.execute(db)
  return rows.map(({ asks }) => asks)
}

export type ImportLine = {
  id: string
  source: string
  state: ImportState
  created: Date
  who: string | null
  rows: number
}

/** Answers imports, newest first, at most a hundred: one's own, or everybody's to those who look after the site. */
export async function listImports(db: Db, viewer: Viewer, whose: 'own' | 'all'): Promise<ImportLine[]> {
  if (whose === 'all' && !maySeeImports(viewer)) throw missing()
  if (viewer.account === null) return []
  const rows = await db
    .selectFrom('imports as i')
    .leftJoin('accounts as w', 'w.id', 'i.account')
    .select(['i.id', 'i.source', 'i.state', 'i.created', 'w.name as who', 'w.email'])
    .select((on) =>
      on
        .selectFrom('importRows as r')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('r.import', '=', 'i.id')
        .as('rows'),
    )
    .$if(whose === 'own', (query) => query.where('i.account', '=', viewer.account))
    .orderBy('i.created', 'desc')
    .limit(100)
    .execute()
  return rows.map(({ email, ...row }) => ({
    ...row,
    who: row.who || email,
    state: row.state,
    rows: row.rows ?? 0,
  }))
}

/** Waits until an import is no longer being worked on, but never longer than so many milliseconds; most are ready within a second. */
export async function waitForImport(db: Db, id: string, longest: number): Promise<void> {
  const end = performance.now() + longest
  while (performance.now() < end) {
    const row = await db.selectFrom('imports').select('state').where('id', '=', id).executeTakeFirst()
    if (!row || !['reading', 'doing', 'undoing'].includes(row.state)) return
    await new Promise((done) => setTimeout(done, 150))
  }
}
