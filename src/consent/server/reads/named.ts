import type { Id } from '#consent/events.ts'
import { wordsOf, type NamePlace, type Written } from '#consent/names.ts'
import { sealOf } from '#consent/server/keys.ts'
import { namesIn, sealsIn } from '#consent/server/names.ts'
import type { Db } from '#platform/server/db.ts'

/** Somebody whose name stands in the words of a surface: where, and keyed hashes of each name together with the words it was found in. */
export type FoundName = { person: Id; where: NamePlace[]; found: Buffer[] }

/** Answers whose names stand in the words of a surface, and where; of people who are on it. What somebody else has found not to be their name is not among it while those words are the same. */
export async function foundNames(db: Db, surface: Id, texts: readonly Written[]): Promise<FoundName[]> {
  const people = (await peopleOn(db, surface)).filter(({ nameHashes }) => nameHashes.length > 0)
  if (people.length === 0) return []
  const cleared = await clearedOn(db, surface)
  const read = texts.map((text) => ({
    text,
    seals: sealsIn(text.words),
    folded: wordsOf(text.words).join(' '),
  }))
  return people.flatMap(({ id, nameHashes }): FoundName[] => {
    const marks = read.flatMap(({ text, seals, folded }) =>
      namesIn(seals, nameHashes)
        .map((hash) => sealOf('names', `${hash.toString('base64')} in ${folded}`))
        .filter((mark) => !cleared.has(`${id} ${mark.toString('base64')}`))
        .map((mark) => ({ mark, where: { place: text.place, version: text.version, number: text.number } })),
    )
    const where = [
      ...new Map(marks.map((one) => [`${one.where.place} ${one.where.version}`, one.where])).values(),
    ]
    return marks.length === 0 ? [] : [{ person: id, where, found: marks.map(({ mark }) => mark) }]
  })
}

const peopleOn = (db: Db, surface: Id): Promise<{ id: Id; nameHashes: Buffer[] }[]> =>
  db
    .selectFrom('peopleShown')
    .select(['id', 'nameHashes'])
    .where('id', 'in', (on) =>
      on
        .selectFrom('appearances')
        .select('person')
        .where('surface', '=', surface)
        .where('person', 'is not', null)
        .$castTo<{ person: string }>(),
    )
    .execute()

/** What a second person has found to be nobody's name, each with whose it was taken for. */
async function clearedOn(db: Db, surface: Id): Promise<Set<string>> {
  const rows = await db
    .selectFrom('appearances')
    .select(['person', 'found'])
    .where('surface', '=', surface)
    .where('version', 'is', null)
    .where('checkedBy', 'is not', null)
    .limit(500)
    .execute()
  return new Set(
    rows.flatMap(({ person, found }) => found.map((mark) => `${person} ${mark.toString('base64')}`)),
  )
}

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
            .where('a.ended', 'is', null)
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
