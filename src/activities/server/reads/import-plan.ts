import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { sql } from 'kysely'
import { accessCodes, welcomeCodes, type ActivityState } from '#activities/activity.ts'
import { columns, type FileContent } from '#activities/import-columns.ts'
import { readRow, type ReadRow } from '#activities/import-row.ts'
import { townAsks } from '#activities/import-where.ts'
import {
  Row,
  type About,
  type Choices,
  type Draft,
  type Mistake,
  type RowAction,
} from '#activities/import.ts'
import { doublesOf, type Double } from '#activities/server/reads/import-doubles.ts'
import { townsFor } from '#activities/server/reads/import-towns.ts'
import { textIn } from '#kernel/messages.ts'
import { dayOf } from '#kernel/times.ts'
import { organises, type Viewer } from '#kernel/viewer.ts'
import { plainWords } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import type { Week } from '#weeks/week.ts'

/** What one row becomes. */
export type PlanRow = {
  line: number
  name: string
  action: RowAction
  draft: Draft | null
  mistakes: Mistake[]
  doubles: Double[]
  sourceId: string
  fingerprint: string | null
  activity: string | null
}

export type Planned = {
  week: Pick<Week, 'year' | 'monday'>
  account: string
  content: FileContent
  choices: Choices
}

/** Answers a short name for anything that can be written down; the same for the same. */
export const fingerprintOf = (thing: unknown): string =>
  createHash('sha256').update(JSON.stringify(thing)).digest('base64url').slice(0, 22)

async function aboutOf(db: Db, viewer: Viewer, planned: Planned, now: Date): Promise<About> {
  const text = textIn('en')
  const named = <Code extends string>(codes: readonly Code[], room: 'access' | 'welcome') =>
    new Map(
      codes.flatMap((code) => [
        [plainWords(code), code] as const,
        [plainWords(text(`activities.${room}.${code}` as 'activities.access.captions')), code] as const,
      ]),
    )
  const kinds = (await kindsOf(db, planned.week.year)).filter((kind) => !kind.retired)
  const groups = await db
    .selectFrom('groups')
    .select(['id', 'slug', 'name'])
    .where('hidden', '=', false)
    .execute()
  const { content } = planned
  const asks = content.rows.flatMap((row) => townAsks(new Row(row, content.at)))
  return {
    monday: planned.week.monday,
    now,
    today: dayOf(now, 'Etc/GMT+12'),
    language: 'en',
    kinds: new Map(
      kinds.flatMap((kind) =>
        [kind.code, ...Object.values(kind.names)].map((name) => [plainWords(name), kind.code] as const),
      ),
    ),
    access: named(accessCodes, 'access'),
    welcome: named(welcomeCodes, 'welcome'),
    groups: new Map(
      groups.flatMap((group) =>
        [group.slug, group.name].map((name) => [plainWords(name), group.id] as const),
      ),
    ),
    towns: await townsFor(db, asks),
    choices: { ...planned.choices, dates: planned.choices.dates ?? content.days.settled?.order ?? null },
    organiser: organises(viewer),
  }
}

type Known = { id: string; state: ActivityState; fingerprint: string | null }

/** What earlier imports made of the same rows, and what each was told then. */
async function knownBy(db: Db, sources: string[]): Promise<Map<string, Known>> {
  const { rows } = await sql<Known & { sourceId: string }>`
    select a.id, a.state, a.source_id as "sourceId", (
      select r.fingerprint from import_rows r join imports i on i.id = r.import
      where r.activity = a.id and r.outcome in ('made', 'changed', 'called-off') and i.undone is null
      order by i.created desc limit 1
    ) as fingerprint
    from activities a where a.source_id = any(${sources}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.sourceId, row]))
}

function actionOf(read: ReadRow, known: Known | undefined, fingerprint: string | null): RowAction {
  if (read.draft === null) return 'mistake'
  if (known && (known.state === 'withdrawn' || known.state === 'declined')) return 'taken-down'
  if (read.calledOff) return known && known.state === 'cancelled' ? 'same' : 'called-off'
  if (!known) return 'new'
  return known.fingerprint === fingerprint ? 'same' : 'changed'
}

/** Says what each row of a file becomes, without changing anything: the preview and the import both ask here. Rows are known again by their own id, else by title, place and day, within one account and week. */
export async function planImport(db: Db, viewer: Viewer, planned: Planned, now: Date): Promise<PlanRow[]> {
  const about = await aboutOf(db, viewer, planned, now)
  const seen = new Map<string, number>()
  const reads: (ReadRow & { sourceId: string })[] = []
  for (const [at, file] of planned.content.rows.entries()) {
    // Ten thousand rows take seconds; other work is not kept waiting for all of them.
    if (at % 200 === 199) await breathe()
    const read = readRow(file, planned.content.at, about)
    const sourceId = `${planned.account}:${planned.week.year}:${fingerprintOf(read.identity)}`
    const before = seen.get(sourceId)
    if (before !== undefined && read.draft !== null) {
      const column = columns.find((one) => one === (read.identity.startsWith('#') ? 'id' : 'title')) ?? null
      const cell = (column && file.cells[column]) ?? ''
      read.mistakes.push({
        column,
        at: null,
        cell: cell.slice(0, 60),
        key: 'import.mistake.twice',
        params: { line: before },
      })
      read.draft = null
    }
    if (before === undefined) seen.set(sourceId, read.line)
    reads.push({ ...read, sourceId })
  }
  const known = await knownBy(db, [...seen.keys()])
  const rows = reads.map((read): PlanRow => {
    const before = known.get(read.sourceId)
    const { kindOpen: _open, ...said } = read.draft ?? {}
    const fingerprint = read.draft === null ? null : fingerprintOf([said, read.calledOff])
    return {
      line: read.line,
      name: read.name,
      action: actionOf(read, before, fingerprint),
      draft: read.draft,
      mistakes: read.mistakes,
      doubles: [],
      sourceId: read.sourceId,
      fingerprint,
      activity: before?.id ?? null,
    }
  })
  return doublesOf(db, planned, rows)
}
