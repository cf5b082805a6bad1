import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

type Line = { words: string }

const ask = async (db: Db, query: ReturnType<typeof sql<Line>>): Promise<string[]> =>
  (await query.execute(db)).rows.map((row) => row.words)

/** Answers the tables, indexes, functions and triggers of the public schema as SQL to read, in a fixed order; the same for every supported server. */
export async function describeSchema(db: Db): Promise<string> {
  const tables = await ask(
    db,
    sql<Line>`select format(E'create table %I (\n%s\n);', c.relname, string_agg(line, E',\n' order by place, line)) as words
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
        select a.attnum::int as place, format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then ' not null' else '' end,
          case when a.attidentity <> '' then ' generated always as identity'
               when a.attgenerated <> '' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
               when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        union all
        select 10000, '  ' || pg_get_constraintdef(k.oid) from pg_constraint k
        where k.conrelid = c.oid and k.contype in ('c', 'f', 'p', 'u')
      ) lines
      where n.nspname = 'public' and c.relkind = 'r' group by c.relname order by c.relname`,
  )
  const indexes = await ask(
    db,
    sql<Line>`select pg_get_indexdef(i.indexrelid) || ';' as words
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
      order by c.relname`,
  )
  const functions = await ask(
    db,
    sql<Line>`select pg_get_functiondef(p.oid) || ';' as words from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'public' and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      order by p.proname`,
  )
  const triggers = await ask(
    db,
    sql<Line>`select pg_get_triggerdef(t.oid) || ';' as words from pg_trigger t join pg_class c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and not t.tgisinternal order by c.relname, t.tgname`,
  )
  const head = '-- Written by `npm run schema` from the migrated database; compared in tests. Do not edit.'
  return `${[head, ...tables, ...indexes, ...functions, ...triggers].join('\n\n')}\n`
}
