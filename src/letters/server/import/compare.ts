import { sql } from 'kysely'
import { sorts, type Counts, type Sort } from '#letters/directory.ts'
import { standingOf } from '#letters/server/import/standing.ts'
import type { Trx } from '#platform/server/db.ts'

/** Where a row says that it is over. Areas and people do not end; their memberships do. */
const endField: Partial<Record<Sort, string>> = {
  organisation: 'ended',
  post: 'ended',
  membership: 'end',
  contact: 'until',
}

/** Writes down what an import would change, row by row, in place of what was written down of it before: what is new, what differs, and what its source had at an earlier time and no longer has. Answers how many rows of each sort are which. */
export async function compareStaged(trx: Trx, { id }: { id: string }): Promise<Counts> {
  await sql`delete from directory_changes where import = ${id}::uuid`.execute(trx)
  const counts: Counts = {}
  for (const sort of sorts) {
    await findChanges(trx, id, sort)
    await findEnded(trx, id, sort)
    counts[sort] = await count(trx, id, sort)
  }
  return counts
}

const findChanges = (trx: Trx, id: string, sort: Sort) =>
  sql`insert into directory_changes (import, sort, key, what, before, after, came_from, kept)
    select ${id}::uuid, ${sql.lit(sort)}, staged.key, case when there.key is null then 'new' else 'changed' end,
      there.data, staged.data, there.import, there.kept
    from directory_staged staged left join (${standingOf(sort)}) there on there.key = staged.key
    where staged.sort = ${sql.lit(sort)} and (there.key is null or there.data <> staged.data)`.execute(trx)

/** The day before the source was seen without it is the last on which it stood. */
async function findEnded(trx: Trx, id: string, sort: Sort): Promise<void> {
  const field = endField[sort]
  if (field === undefined) return
  const end = sql.lit(field)
  await sql`insert into directory_changes (import, sort, key, what, before, after, came_from, kept)
    select mine.id, ${sql.lit(sort)}, there.key, 'ended', there.data,
      there.data || jsonb_build_object(${end}::text, greatest(mine.retrieved - 1, (there.data->>'start')::date)),
      there.import, there.kept
    from directory_imports mine
    join directory_imports earlier on earlier.source = mine.source and earlier.id <> mine.id
    join (${standingOf(sort)}) there on there.import = earlier.id
    where mine.id = ${id}::uuid
      and (there.data->>${end} is null or (there.data->>${end})::date >= mine.retrieved)
      and not exists (select from directory_staged staged
        where staged.sort = ${sql.lit(sort)} and staged.key = there.key)
    on conflict do nothing`.execute(trx)
}

async function count(trx: Trx, id: string, sort: Sort) {
  const { rows } = await sql<Record<'new' | 'changed' | 'ended' | 'staged', number>>`
    select count(*) filter (where what = 'new') as new, count(*) filter (where what = 'changed') as changed,
      count(*) filter (where what = 'ended') as ended,
      (select count(*) from directory_staged where sort = ${sql.lit(sort)}) as staged
    from directory_changes where import = ${id}::uuid and sort = ${sql.lit(sort)}`.execute(trx)
  const { staged, ...of } = rows[0] ?? { new: 0, changed: 0, ended: 0, staged: 0 }
  return { ...of, same: staged - of.new - of.changed }
}
