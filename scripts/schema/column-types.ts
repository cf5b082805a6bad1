import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

type Column = { name: string; says: string | null; nullable: boolean; generated: boolean }

const words = /^\(\w+ (<@|= ANY) \(?ARRAY\[('.*')::text\]\)?\)$/
const numbers = /^\(\(\w+ >= (\d)\) AND \(\w+ <= (\d)\)\)$/

/** Answers the values that a check lets through as a union of literals; null where it is no list of words or digits. */
function unionOf(says: string): string | null {
  const [, how, listed] = words.exec(says) ?? []
  if (listed !== undefined) {
    const union = listed.split('::text, ').join(' | ')
    return how === '<@' ? `(${union})[]` : union
  }
  const [, first, last] = numbers.exec(says) ?? []
  if (first === undefined) return null
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => n + Number(first)).join(' | ')
}

/** Answers the type of every column whose own check lists its values, by `table.column`, so that the compiler knows what the database promises; and of the language somebody reads in, which no check lists, for a new catalogue needs no migration. Stories, texts and forms may be in any. */
export async function columnTypes(db: Db): Promise<Record<string, string>> {
  const { rows } = await sql<Column>`
    select format('%s.%s', c.relname, a.attname) as name, pg_get_expr(k.conbin, k.conrelid) as says,
      not a.attnotnull as nullable, a.atthasdef as generated
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
    where n.nspname = 'public' and c.relkind = 'r' and (k.oid is not null or a.attname = 'language' and c.relname not in ('stories', 'texts', 'form_versions'))
    order by 1, 2`.execute(db)
  return Object.fromEntries(
    rows.flatMap(({ name, says, nullable, generated }) => {
      const union = says === null ? 'Language' : unionOf(says)
      if (union === null) return []
      const type = nullable ? `${union} | null` : union
      return [[name, generated ? `Generated<${type}>` : type]]
    }),
  )
}
