import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Hand, Id } from '#consent/events.ts'
import type { Written } from '#consent/names.ts'
import { happened } from '#consent/server/happened.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { foundNames, type FoundName } from '#consent/server/reads/named.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** All words that go with a surface: title, text, captions, words for pictures, file names, address, tags, replies. */
export type Naming = { surface: Id; texts: readonly Written[]; by: Hand }

/** Looks for the names of everybody who is on a surface in all words that go with it, and takes each that is found as an appearance by name (rules 14 and 29); one that stands there no more ends. Answers whose were found, and where. Idempotent. */
export const noticeNames = (
  db: Db,
  _viewer: Viewer,
  { surface, texts, by }: Naming,
  now: Date,
): Promise<FoundName[]> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const names = await foundNames(trx, surface, texts)
    const open = await openNames(trx, surface)
    const gone = open.filter((one) => !names.some((name) => isSame(one, name)))
    const fresh = names.filter((name) => !open.some((one) => isSame(one, name)))
    const drafts: Draft[] = []
    if (gone.length > 0) {
      const ids = gone.map(({ id }) => id)
      await trx.updateTable('appearances').set({ ended: now }).where('id', 'in', ids).execute()
      drafts.push({ facts: { kind: 'unnamed', surface, appearances: ids }, by: 'site' })
    }
    for (const { person, found } of fresh) {
      const id = randomUUID()
      const appearance = { surface, version: null, person, modes: ['name' as const], assent: null }
      await trx
        .insertInto('appearances')
        .values({ id, ...appearance, found, saidBy: by, created: now })
        .execute()
      drafts.push({ facts: { kind: 'appears', appearance: id, ...appearance }, by: 'site' })
    }
    const people = names.map(({ person }) => person)
    if (drafts.length > 0) await happened(trx, { surfaces: [surface], people, drafts }, now)
    return names
  })

type OpenName = { id: Id; person: Id | null; found: Buffer[] }

const openNames = (trx: Trx, surface: Id): Promise<OpenName[]> =>
  trx
    .selectFrom('appearances')
    .select(['id', 'person', 'found'])
    .where('surface', '=', surface)
    .where('version', 'is', null)
    .where('ended', 'is', null)
    .where(sql<boolean>`cardinality(found) > 0`)
    .execute()

const setOf = (found: readonly Buffer[]): string =>
  found
    .map((one) => one.toString('base64'))
    .toSorted()
    .join(' ')

/** Other words around a name are another finding: what a second person says is about what they read. */
const isSame = (one: OpenName, name: FoundName): boolean =>
  one.person === name.person && setOf(one.found) === setOf(name.found)
