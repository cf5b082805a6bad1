import { namesIn, sealsIn } from '#consent/server/names.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers whether words name somebody who is shown on a surface and does not stand there by name: a name beside a face needs its own yes (rule 14), and a reply cannot give it. */
export async function namesSomebody(db: Db, surface: string, words: string): Promise<boolean> {
  const people = await db
    .selectFrom('peopleShown as p')
    .select('p.nameHashes')
    .where((on) =>
      on.exists(
        on
          .selectFrom('appearances as a')
          .select('a.id')
          .where('a.surface', '=', surface)
          .whereRef('a.person', '=', 'p.id'),
      ),
    )
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('appearances as a')
            .select('a.id')
            .where('a.surface', '=', surface)
            .whereRef('a.person', '=', 'p.id')
            .where('a.version', 'is', null)
            .where(
              (is) => is.val('name'),
              '=',
              (is) => is.fn.any('a.modes'),
            ),
        ),
      ),
    )
    .execute()
  if (people.every(({ nameHashes }) => nameHashes.length === 0)) return false
  const seals = sealsIn(words)
  return people.some(({ nameHashes }) => namesIn(seals, nameHashes).length > 0)
}
