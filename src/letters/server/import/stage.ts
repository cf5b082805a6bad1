import { sql } from 'kysely'
import { mostLeftOutShown, type LeftOut } from '#letters/directory.ts'
import type { Piece, Staged } from '#letters/server/import/staged.ts'
import type { Trx } from '#platform/server/db.ts'

/** So many rows go to the database in one statement. */
const atOnce = 5000

/** Rows that do not come in, and those that come in without something. */
export type LeftOutAll = { count: number; parts: number; first: LeftOut[] }

/** Puts everything that a source has into a table of this transaction alone, in batches. Answers what could not be read as a row; nothing else is left behind. */
export async function stageRows(trx: Trx, pieces: AsyncIterable<Piece>): Promise<LeftOutAll> {
  await sql`create temporary table directory_staged
    (sort text not null, key text collate "C" not null, data jsonb not null, line int not null, part boolean not null) on commit drop`.execute(
    trx,
  )
  const left: LeftOutAll = { count: 0, parts: 0, first: [] }
  let waiting: Staged[] = []
  for await (const { rows, leftOut } of pieces) {
    waiting.push(...rows)
    note(left, leftOut)
    if (waiting.length < atOnce) continue
    await putIn(trx, waiting)
    waiting = []
  }
  await putIn(trx, waiting)
  note(left, await tidy(trx))
  left.first = left.first.toSorted((a, b) => a.line - b.line).slice(0, mostLeftOutShown)
  return left
}

function note(left: LeftOutAll, more: readonly LeftOut[]): void {
  const parts = more.filter((one) => one.part === true).length
  left.count += more.length - parts
  left.parts += parts
  const room = Math.max(0, 2 * mostLeftOutShown - left.first.length)
  left.first.push(...more.slice(0, room))
}

async function putIn(trx: Trx, rows: readonly Staged[]): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into directory_staged (sort, key, data, line, part)
    select * from unnest(${rows.map(({ sort }) => sort)}::text[], ${rows.map(({ key }) => key)}::text[],
      ${rows.map(({ data }) => JSON.stringify(data))}::jsonb[], ${rows.map(({ line }) => line)}::int[],
      ${rows.map(({ part }) => part)}::boolean[])`.execute(trx)
}

/** What a row of one sort names, and of which sort that is. */
const named = [
  ['area', 'parent', 'area'],
  ['organisation', 'area', 'area'],
  ['organisation', 'parent', 'organisation'],
  ['post', 'organisation', 'organisation'],
  ['post', 'area', 'area'],
  ['membership', 'person', 'person'],
  ['membership', 'organisation', 'organisation'],
  ['membership', 'post', 'post'],
  ['contact', 'person', 'person'],
  ['contact', 'post', 'post'],
  ['contact', 'organisation', 'organisation'],
] as const

/** Joins what is the same twice, follows redirects, says parties by name, and takes out what names something that is nowhere. Answers what was taken out. */
async function tidy(trx: Trx): Promise<LeftOut[]> {
  await sql`create index on directory_staged (sort, key)`.execute(trx)
  await sql`analyze directory_staged`.execute(trx)
  const { rows: twice } = await sql<Gone>`
    with again as (
      delete from directory_staged one using (
        select ctid, row_number() over same as nth, data = first_value(data) over same as alike
        from directory_staged window same as (partition by sort, key order by line, ctid)
      ) place
      where one.ctid = place.ctid and place.nth > 1
      returning one.*, place.alike)
    select line, 'directory.left.twice' as key, part, again.key as id, ${owner} as owner,
      jsonb_build_object('sort', sort, 'what', ${what}) as params from again where not alike`.execute(trx)
  // A redirect may lead to another one; five steps are more than any source has.
  for (let step = 0; step < 5; step += 1) {
    const { numAffectedRows } = await sql`update directory_staged one
      set data = jsonb_set(one.data, '{person}', redirect.data->'to')
      from directory_staged redirect
      where redirect.sort = 'redirect' and one.sort = 'membership' and redirect.key = one.data->>'person'`.execute(
      trx,
    )
    if (!numAffectedRows) break
  }
  await sql`update directory_staged one set data = jsonb_set(one.data, '{party}', party.data->'name')
    from directory_staged party
    where one.sort = 'membership' and party.sort = 'organisation' and party.key = one.data->>'party'`.execute(
    trx,
  )
  await sql`delete from directory_staged where sort = 'redirect'`.execute(trx)
  const gone: Gone[] = [...twice]
  for (const one of named) gone.push(...(await takeOutLoose(trx, one)))
  const whole = new Set(gone.flatMap(({ part, line, id }) => (part ? [] : [`${line} ${id}`])))
  return gone.flatMap(({ line, key, params, part, owner }) => {
    if (!part) return [{ line, key, params }]
    // Of a row that does not come in, nothing more is said.
    return whole.has(`${line} ${owner}`) ? [] : [{ line, key, params, part }]
  })
}

/** What is taken out, with its key in the directory and that of whom it is about. */
type Gone = LeftOut & { part: boolean; id: string; owner: string | null }

const owner = sql`coalesce(data->>'person', data->>'post', data->>'organisation')`
/** What a source calls a row: its name or what it says, else the number that the source gives it. */
const what = sql`coalesce(data->>'name', data->>'label', data->>'value', data->>'party',
  case when key like '%/in/%' then '' else regexp_replace(key, '^[^:]*:[a-z]+/', '') end)`

async function takeOutLoose(trx: Trx, [sort, field, of]: (typeof named)[number]): Promise<Gone[]> {
  const table = sql.table(of === 'person' ? 'directory_people' : `directory_${of}s`)
  const { rows } = await sql<Gone>`
    with loose as (
      delete from directory_staged one
      where one.sort = ${sql.lit(sort)} and one.data ? ${sql.lit(field)}
        and not exists (select from directory_staged other
          where other.sort = ${sql.lit(of)} and other.key = one.data->>${sql.lit(field)})
        and not exists (select from ${table} known where known.key = one.data->>${sql.lit(field)})
      returning one.*)
    select line, 'directory.left.loose' as key, part, loose.key as id, ${owner} as owner,
      jsonb_build_object('sort', sort, 'what', ${what}, 'of', ${sql.lit(of)}::text,
        'missing', regexp_replace(data->>${sql.lit(field)}, '^[^:]*:[a-z]+/', '')) as params
    from loose`.execute(trx)
  return rows
}
