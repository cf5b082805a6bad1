import { sql } from 'kysely'
import type { DoorInput, NewDoor, OfferInput } from '#letters/door.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { slugOf } from '#kernel/words.ts'
import { writeDown, type Action } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Which = { nation: string; subject: string }

/** More doors than this nobody can choose from. */
const mostDoors = 100

function refuseOthers(viewer: Viewer): void {
  if (!mayKeepDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
}

const note = (trx: Trx, viewer: Viewer, action: Action, { nation, subject }: Which): Promise<void> =>
  writeDown(trx, viewer, { action, subject: `doors:${nation}/${subject}` })

/** Says who decides something in a nation, only as whoever says it read it; the words of other languages stay. */
export const saveDoor = (db: Db, viewer: Viewer, input: DoorInput, _now: Date): Promise<Which> =>
  inTransaction(db, async (trx) => {
    refuseOthers(viewer)
    const { name, answer, nation, subject, revision, ...same } = input
    const door = await trx
      .selectFrom('doors')
      .select('revision')
      .where('nation', '=', nation)
      .where('subject', '=', subject)
      .forUpdate()
      .executeTakeFirst()
    if (!door) throw missing()
    if (door.revision !== revision) throw new Refusal('conflict', 'refusal.stale', {}, 'revision')
    const [names, answers] = [JSON.stringify({ en: name }), JSON.stringify({ en: answer })]
    const saved = await trx
      .updateTable('doors')
      .set({
        ...same,
        revision: revision + 1,
        names: sql`doors.names || ${names}::jsonb`,
        answers: sql`doors.answers || ${answers}::jsonb`,
      })
      .where('nation', '=', nation)
      .where('subject', '=', subject)
      .returning(['nation', 'subject'])
      .executeTakeFirstOrThrow()
    await note(trx, viewer, 'directory.door', saved)
    return saved
  })

/** Adds who decides something in a nation: beside the same subject of other nations, or as a new subject that comes last. Refuses one that is there, also one that was taken away. */
export const addDoor = (db: Db, viewer: Viewer, input: NewDoor, _now: Date): Promise<Which> =>
  inTransaction(db, async (trx) => {
    refuseOthers(viewer)
    await sql`lock table doors in share row exclusive mode`.execute(trx)
    const all = await trx.selectFrom('doors').select(['nation', 'subject', 'names', 'position']).execute()
    const { nation, name, answer, subject: known, ...same } = input
    const like = all.find((door) => door.subject === known)
    if (known !== null && !like) throw new Refusal('invalid', 'input.choose', {}, 'subject')
    const subject = known ?? codeOf(name ?? '')
    const field = known === null ? 'name' : 'subject'
    if (all.some((door) => door.nation === nation && door.subject === subject))
      throw new Refusal('conflict', 'directory.door.there', {}, field)
    if (all.filter((door) => door.nation === nation).length >= mostDoors)
      throw new Refusal('conflict', 'directory.door.many', { most: mostDoors })
    const added = { nation, subject }
    const position = like?.position ?? Math.max(0, ...all.map((door) => door.position)) + 1
    const names = JSON.stringify({ ...(like?.names as object), ...(name !== null && { en: name }) })
    await trx
      .insertInto('doors')
      .values({ ...added, ...same, names, answers: JSON.stringify({ en: answer }), position })
      .execute()
    await note(trx, viewer, 'directory.door-added', added)
    return added
  })

/** Takes a door away from those that are offered, or brings one back as it was. Idempotent. */
export const offerDoor = (
  db: Db,
  viewer: Viewer,
  { nation, subject, offered }: OfferInput,
  _now: Date,
): Promise<Which & { offered: 'yes' | 'no' }> =>
  inTransaction(db, async (trx) => {
    refuseOthers(viewer)
    const retired = offered === 'no'
    const door = await trx
      .updateTable('doors')
      .set({ retired })
      .where('nation', '=', nation)
      .where('subject', '=', subject)
      .returning(['nation', 'subject'])
      .executeTakeFirst()
    if (!door) throw missing()
    await note(trx, viewer, retired ? 'directory.door-gone' : 'directory.door-back', door)
    return { ...door, offered }
  })

/** Answers what stands in addresses for a subject. */
function codeOf(name: string): string {
  const code = slugOf(name)
    .replace(/^[^a-z]+/, '')
    .slice(0, 31)
    .replace(/-+$/, '')
  if (code.length < 2) throw new Refusal('invalid', 'directory.door.name-letters', {}, 'name')
  return code
}
