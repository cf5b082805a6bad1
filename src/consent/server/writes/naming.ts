import { randomUUID } from 'node:crypto'
import type { Hand, Id } from '#consent/events.ts'
import { happened } from '#consent/server/happened.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { namesIn, sealsIn } from '#consent/server/names.ts'
import { stateOf } from '#consent/server/surface.ts'
import { partOf } from '#consent/state.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** All words that go with a surface: title, text, captions, words for pictures, file names, address, tags, replies. */
export type Naming = { surface: Id; texts: readonly string[]; by: Hand }

/** Looks for the names of everybody who is on a surface in all words that go with it, and takes each that is found as an appearance by name: it can only narrow (rules 14 and 29). Answers whose were found. Idempotent. */
export const noticeNames = (
  db: Db,
  _viewer: Viewer,
  { surface, texts, by }: Naming,
  now: Date,
): Promise<{ found: Id[] }> =>
  inTransaction(db, async (trx) => {
    const people = await namedOn(trx, surface)
    if (people.every(({ nameHashes }) => nameHashes.length === 0)) return { found: [] }
    const seals = sealsIn(texts.join(' \n '))
    const found = people.filter(({ nameHashes }) => namesIn(seals, nameHashes).length > 0).map(({ id }) => id)
    if (found.length === 0) return { found }
    await lockConsent(trx)
    const state = await stateOf(trx, surface)
    const known = (state.appearances.get(partOf(surface, null)) ?? []).filter(({ modes }) =>
      modes.includes('name'),
    )
    const drafts: Draft[] = []
    for (const person of found) {
      if (known.some((one) => one.person === person)) continue
      const id = randomUUID()
      const appearance = { surface, version: null, person, modes: ['name' as const], assent: null }
      await trx
        .insertInto('appearances')
        .values({ id, ...appearance, saidBy: by })
        .execute()
      drafts.push({ facts: { kind: 'appears', appearance: id, ...appearance }, by: 'site' })
    }
    if (drafts.length > 0) await happened(trx, { surfaces: [surface], people: found, drafts }, now)
    return { found }
  })

const namedOn = (trx: Trx, surface: Id): Promise<{ id: Id; nameHashes: Buffer[] }[]> =>
  trx
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
