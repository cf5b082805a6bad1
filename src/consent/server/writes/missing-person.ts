import type { LookedInput, Shown } from '#consent/permission.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { checkPicture, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { handOf } from '#consent/server/hands.ts'
import { textIn } from '#kernel/messages.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Keeps what a second person found: that everybody was said, or that somebody is missing or cannot be told. Then it is said anew with somebody unknown, who has to be asked, covered or left out, and a third person looks. */
export const checkOrMissing = (
  db: Db,
  viewer: Viewer,
  input: LookedInput,
  now: Date,
): Promise<'checked' | 'missing'> =>
  inTransaction(db, async (trx) => {
    if (!input.missing) {
      await checkPicture(trx, viewer, input, now)
      return 'checked'
    }
    const { surface, version, appearances } = await toCheck(trx, viewer, input.said)
    const known = appearances
      .filter(({ id }) => !input.wrong.includes(id))
      .map(({ person, modes }): Shown => ({ who: { person }, modes, names: [], seen: null }))
    const label = textIn('en')('pictures.stranger', { at: 1 })
    const unknown: Shown = {
      who: { label, ageBand: 'adult', nextChange: null },
      modes: version === null ? ['name'] : ['face', 'body'],
      names: [],
      seen: null,
    }
    const people = [...known, unknown]
    await sayWhoIsIn(trx, viewer, { surface, version, people, nobody: false, by: handOf(viewer) }, now)
    return 'missing'
  })
