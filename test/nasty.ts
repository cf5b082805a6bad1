import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** What people paste by mistake, and others on purpose. */
export const nasty: Record<string, string> = {
  long: 'å'.repeat(20_000),
  null: 'a\0b',
  bidi: '\u202Eevil\u2066\u200F',
  emoji: '👩🏽‍🦽👨‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿',
  scripts: 'مرحبا नमस्ते 你好 ๑๒๓',
  lone: '\uD800 \uFFFE',
  huge: '99999999999999999999',
  minus: '-1e308',
  date: '2027-02-30T25:61',
  markup: '"><script>alert(1)</script>',
  query: "'; drop table activities; --",
  proto: '__proto__',
  uuid: '00000000-0000-0000-0000-000000000000',
}

/** Whether an answer is one that a person can read; else what is wrong with it. */
export async function fault(answer: Response): Promise<string | null> {
  const body = await answer.text()
  if (answer.status >= 500) return `${answer.status}`
  if (answer.status >= 300 && answer.status < 400) return null
  const html = /text\/html/.test(answer.headers.get('content-type') ?? '')
  if (html && /<script>alert\(1\)/.test(body)) return 'what was typed became a part of the page'
  const readable = html ? /<h1\b/.test(body) : body.trim() !== ''
  return readable ? null : `${answer.status} with nothing to read`
}

/** One word for all rows of every table, but for the worker's own pulse. */
export async function fingerprint(db: Db): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('beats', 'places', 'mails')
    order by 1`.execute(db)
  const found: Record<string, string> = {}
  for (const { name } of tables.rows) {
    const row = await sql<{
      hash: string
    }>`select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash
      from ${sql.table(name)} t`.execute(db)
    found[name] = row.rows[0]?.hash ?? ''
  }
  const mails = await db
    .selectFrom('mails')
    .select((on) => on.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  return { ...found, mails: String(mails.n) }
}

/** Does a lot of work, eight at a time. */
export async function eightAtATime<Item>(items: Item[], work: (item: Item) => Promise<unknown>) {
  const left = items.values()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of left) await work(item)
    }),
  )
}
