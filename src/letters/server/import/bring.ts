import { sql, type RawBuilder } from 'kysely'
import { sorts, type Sort } from '#letters/directory.ts'
import { standingOf } from '#letters/server/import/standing.ts'
import type { Trx } from '#platform/server/db.ts'

/** Rows to write: key, data, import. */
type Given = RawBuilder<unknown>

const idOf = (table: string, field: string): RawBuilder<unknown> =>
  sql`(select id from ${sql.table(table)} where key = given.data->>${sql.lit(field)})`

const writes: Record<Sort, (given: Given) => RawBuilder<unknown>> = {
  area: (given) => sql`insert into directory_areas (key, name, classification, nation, import)
    select key, data->>'name', data->>'classification', data->>'nation', import from (${given}) given
    on conflict (key) do update set name = excluded.name, classification = excluded.classification,
      nation = excluded.nation, import = excluded.import`,
  organisation: (given) => sql`insert into directory_organisations
      (key, name, classification, area, nation, ended, import)
    select key, data->>'name', coalesce(data->>'classification', 'other'), ${idOf('directory_areas', 'area')},
      data->>'nation', (data->>'ended')::date, import from (${given}) given
    on conflict (key) do update set name = excluded.name, classification = excluded.classification,
      area = excluded.area, nation = excluded.nation, ended = excluded.ended, import = excluded.import`,
  person: (given) => sql`insert into directory_people (key, name, honorific_prefix, sort_name, import)
    select key, data->>'name', data->>'prefix', data->>'sort', import from (${given}) given
    on conflict (key) do update set name = excluded.name, honorific_prefix = excluded.honorific_prefix,
      sort_name = excluded.sort_name, import = excluded.import`,
  post: (given) => sql`insert into directory_posts (key, organisation, label, role, area, ended, import)
    select key, ${idOf('directory_organisations', 'organisation')}, data->>'label', data->>'role',
      ${idOf('directory_areas', 'area')}, (data->>'ended')::date, import from (${given}) given
    on conflict (key) do update set organisation = excluded.organisation, label = excluded.label,
      role = excluded.role, area = excluded.area, ended = excluded.ended, import = excluded.import`,
  membership: (given) => sql`insert into directory_memberships
      (key, person, organisation, post, on_behalf_of, role, start_date, end_date, end_reason, import)
    select key, ${idOf('directory_people', 'person')}, ${idOf('directory_organisations', 'organisation')},
      ${idOf('directory_posts', 'post')}, data->>'party', data->>'role', (data->>'start')::date,
      (data->>'end')::date, data->>'reason', import from (${given}) given
    on conflict (key) do update set person = excluded.person, organisation = excluded.organisation,
      post = excluded.post, on_behalf_of = excluded.on_behalf_of, role = excluded.role,
      start_date = excluded.start_date, end_date = excluded.end_date, end_reason = excluded.end_reason,
      import = excluded.import`,
  // Another value is one that nobody has tried yet.
  contact: (given) => sql`insert into directory_contacts
      (key, person, post, organisation, type, value, label, note, valid_from, valid_until, source, licence, import)
    select key, ${idOf('directory_people', 'person')}, ${idOf('directory_posts', 'post')},
      ${idOf('directory_organisations', 'organisation')}, data->>'type', data->>'value', data->>'label',
      data->>'note', (data->>'from')::date, (data->>'until')::date,
      (select coalesce(link, source) from directory_imports where id = given.import),
      (select licence from directory_imports where id = given.import), import from (${given}) given
    on conflict (key) do update set person = excluded.person, post = excluded.post,
      organisation = excluded.organisation, type = excluded.type, value = excluded.value, label = excluded.label,
      note = excluded.note, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
      source = excluded.source, licence = excluded.licence, import = excluded.import,
      state = case when directory_contacts.value = excluded.value then directory_contacts.state else 'unverified' end,
      confirmed = case when directory_contacts.value = excluded.value then directory_contacts.confirmed end`,
}

const tableOf: Record<Sort, string> = {
  area: 'directory_areas',
  organisation: 'directory_organisations',
  person: 'directory_people',
  post: 'directory_posts',
  membership: 'directory_memberships',
  contact: 'directory_contacts',
}

async function write(trx: Trx, sort: Sort, given: Given): Promise<void> {
  await writes[sort](given).execute(trx)
  if (sort !== 'area' && sort !== 'organisation') return
  // What lies in what, once all of them are there.
  const table = sql.table(tableOf[sort])
  await sql`update ${table} one set parent = parent.id
    from (${given}) given left join ${table} parent on parent.key = given.data->>'parent'
    where one.key = given.key and one.parent is distinct from parent.id`.execute(trx)
}

/** Writes into the directory what was compared last. Doing it twice changes nothing more. */
export async function bringInChanges(trx: Trx, { id }: { id: string }): Promise<void> {
  for (const sort of sorts) {
    await write(
      trx,
      sort,
      sql`select key, after as data, import from directory_changes
        where import = ${id}::uuid and sort = ${sql.lit(sort)}`,
    )
  }
}

/** What would lose its hold if a row that an import made went away again. */
const held: Partial<Record<Sort, RawBuilder<unknown>>> = {
  area: sql`exists (select from directory_organisations where area = one.id)
    or exists (select from directory_posts where area = one.id)
    or exists (select from directory_areas where parent = one.id)`,
  organisation: sql`exists (select from directory_posts where organisation = one.id)
    or exists (select from directory_memberships where organisation = one.id)
    or exists (select from directory_contacts where organisation = one.id)
    or exists (select from directory_organisations where parent = one.id)
    or exists (select from directory_pauses where organisation = one.id)
    or exists (select from directory_corrections where organisation = one.id)`,
  person: sql`exists (select from directory_memberships where person = one.id)
    or exists (select from directory_contacts where person = one.id)
    or exists (select from directory_corrections where person = one.id)`,
  post: sql`exists (select from directory_memberships where post = one.id)
    or exists (select from directory_contacts where post = one.id)
    or exists (select from directory_corrections where post = one.id)`,
  contact: sql`one.state not in ('unverified', 'working') or one.confirmed is not null
    or exists (select from directory_corrections where contact = one.id)`,
}

/** Takes an import back where nothing came after it: what it made goes, what it changed or ended is as it was. What was changed since, or is needed by something that came later, stays. Answers how many rows were taken back, and how many stay. */
export async function takeBackChanges(
  trx: Trx,
  { id }: { id: string },
): Promise<{ back: number; stay: number }> {
  const { rows } = await sql<{ all: number }>`
    select count(*) as all from directory_changes where import = ${id}::uuid`.execute(trx)
  let back = 0
  for (const sort of sorts.toReversed()) {
    back += await restore(trx, id, sort)
    back += await takeAway(trx, id, sort)
  }
  return { back, stay: (rows[0]?.all ?? 0) - back }
}

const untouched = (id: string, sort: Sort): RawBuilder<unknown> =>
  sql`directory_changes change join (${standingOf(sort)}) there
      on there.key = change.key and there.data = change.after and there.import = change.import
    where change.import = ${id}::uuid and change.sort = ${sql.lit(sort)}`

/** Of a contact whose value comes back, what was known of it comes back as well; of one that kept its value, what was learnt since stays. */
async function restore(trx: Trx, id: string, sort: Sort): Promise<number> {
  const given = sql`select change.key, change.before as data, change.came_from as import, change.kept,
      change.before->>'value' is distinct from change.after->>'value' as other
    from ${untouched(id, sort)} and change.what <> 'new'`
  const { rows } = await sql<{ count: number }>`select count(*) as count from (${given}) given`.execute(trx)
  // What an import is looked at by is gone once it is written back, so it is kept aside first.
  await sql`create temporary table directory_put_back on commit drop as ${given}`.execute(trx)
  await write(trx, sort, sql`select key, data, import from directory_put_back`)
  if (sort === 'contact')
    await sql`
    update directory_contacts one set source = kept->>'source', licence = kept->>'licence',
      state = case when other then kept->>'state' else state end,
      confirmed = case when other then (kept->>'confirmed')::date else confirmed end
    from directory_put_back back where back.key = one.key`.execute(trx)
  await sql`drop table directory_put_back`.execute(trx)
  return rows[0]?.count ?? 0
}

async function takeAway(trx: Trx, id: string, sort: Sort): Promise<number> {
  const stays = held[sort] ?? sql`false`
  const { numAffectedRows } = await sql`delete from ${sql.table(tableOf[sort])} one
    where one.key in (select change.key from ${untouched(id, sort)} and change.what = 'new')
      and not (${stays})`.execute(trx)
  return Number(numAffectedRows ?? 0)
}
