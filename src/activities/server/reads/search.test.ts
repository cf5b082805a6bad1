import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { readFilter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const most = 1000

async function search(query: string, wanted = {}) {
  const { filter } = readFilter(new URLSearchParams(query))
  const question = { filter, week: await askedWeek(db, anybody, filter.week, now) }
  return listActivities(db, question, now, wanted)
}

beforeAll(async () => {
  await makeWeek(db)
  await makeActivity(db, { title: 'Pattern for the rest', slug: 'pattern', description: 'everywhere' })
  const { rows } = await sql<{ names: string }>`
    select string_agg(quote_ident(attname), ', ') as names from pg_attribute
    where attrelid = 'activities'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
      and attname not in ('id', 'slug', 'sort_start', 'country', 'description')`.execute(db)
  const names = sql.raw(rows[0]?.names ?? '')
  // The rare word stands in the last five, far behind what is looked through first.
  await sql`insert into activities (slug, sort_start, country, description, ${names})
    select 'many-' || lpad(n::text, 4, '0'), sort_start + n * interval '1 second',
      case when n % 2 = 0 then 'GB' else 'DK' end, case when n > 695 then 'everywhere rare' else 'everywhere' end, ${names}
    from activities, generate_series(1, 700) n where slug = 'pattern'`.execute(db)
})

describe('a search of a long list', () => {
  test('finds the same first pages by going along the list as by the index of words', async () => {
    for (const query of [
      'q=everywhere&limit=20',
      'q=everywhere&limit=20&page=3',
      'q=everywhere&country=DK&limit=10',
    ]) {
      const along = await search(query, { most })
      const whole = await search(query)
      expect(along.activities.map(({ slug }) => slug)).toEqual(whole.activities.map(({ slug }) => slug))
      expect(along.more).toBe(true)
      expect(along.total).toBeLessThan(whole.total)
      expect(along.pages).toBeGreaterThan(3)
    }
  })

  test('finds rare words wherever they stand, and counts them all', async () => {
    const found = await search('q=rare&limit=20', { most })
    expect(found).toMatchObject({ total: 5, pages: 1, more: false })
    expect(found.activities.map(({ slug }) => slug)).toEqual(
      [696, 697, 698, 699, 700].map((n) => `many-0${n}`),
    )
    expect(await search('q=nowhere', { most })).toMatchObject({ total: 0, more: false, activities: [] })
  })

  test('comes to a last page', async () => {
    const deep = await search('q=everywhere&limit=50&page=15', { most })
    expect(deep.activities).toHaveLength(1)
    expect(deep.more).toBe(false)
  })
})
