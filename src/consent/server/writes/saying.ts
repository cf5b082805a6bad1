import { randomUUID } from 'node:crypto'
import { lineage } from '#consent/about.ts'
import type { Facts, Hand, Id } from '#consent/events.ts'
import { mayCheck } from '#consent/may.ts'
import type { CheckInput, Saying, Shown } from '#consent/permission.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf, handsOf, standingIn } from '#consent/server/hands.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { paperDrafts } from '#consent/server/paper.ts'
import { personOf } from '#consent/server/writes/people.ts'
import { organisationOf, partsOf, postersIn, stateOf } from '#consent/server/surface.ts'
import { partOf, type Appearance, type State } from '#consent/state.ts'
import { isFoundName } from '#consent/who.ts'
import { checkCover } from '#media/server/writes/versions.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Keeps what the poster says of who is in a version. Narrows at once; opens nothing until somebody else has checked it. What paper forms say of these people is taken along. */
export const sayWhoIsIn = (
  db: Db,
  viewer: Viewer,
  input: Saying,
  now: Date,
): Promise<{ said: Id; people: Id[] }> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, version, nobody, by } = input
    const state = await stateOf(trx, surface)
    if (!partsOf(state, surface).some((part) => part.version === version)) throw missing()
    const drafts: Draft[] = []
    const ids: Id[] = []
    const people: Id[] = []
    for (const shown of input.people) {
      const person = await personOf(trx, viewer, { ...shown, state, surface }, now)
      drafts.push(...person.drafts)
      people.push(person.id)
      const modes = nobody ? [] : shown.modes
      const said = { state, input, person: person.id, shown: { ...shown, modes } }
      const appearance = await appearanceOf(trx, said)
      drafts.push(...appearance.drafts)
      ids.push(appearance.id)
      if (shown.seen === 'no') drafts.push(await seenNo(trx, input, person.id, now))
      drafts.push(...(await paperDrafts(trx, person.id, now)))
    }
    const said = randomUUID()
    await trx
      .updateTable('sayings')
      .set({ replaced: now })
      .where('surface', '=', surface)
      .where('version', version === null ? 'is' : '=', version)
      .where('replaced', 'is', null)
      .execute()
    await trx
      .insertInto('sayings')
      .values({ id: said, version, surface, nobody, saidBy: by, said: now })
      .execute()
    drafts.push({ facts: { kind: 'said', said, surface, version, nobody, appearances: ids }, by })
    await happened(trx, { surfaces: [surface], people, drafts }, now)
    return { said, people }
  })

type Said = { state: State; input: Saying; person: Id; shown: Shown }

/** The same person in the same way is the same appearance. */
async function appearanceOf(
  trx: Trx,
  { state, input, person, shown }: Said,
): Promise<{ id: Id; drafts: Draft[] }> {
  const { surface, version, by } = input
  const assent = shown.seen === 'no' ? null : shown.seen
  const modes = [...shown.modes]
  const there = lineage(state, version)
    .concat(version === null ? [partOf(surface, null)] : [])
    .flatMap((part) => state.appearances.get(part) ?? [])
    .find(
      (one) => one.person === person && one.assent === assent && one.modes.toString() === modes.toString(),
    )
  if (there) return { id: there.id, drafts: [] }
  const id = randomUUID()
  await trx
    .insertInto('appearances')
    .values({ id, version, surface, person, modes, assent, saidBy: by })
    .execute()
  return {
    id,
    drafts: [{ facts: { kind: 'appears', appearance: id, surface, version, person, modes, assent }, by }],
  }
}

async function seenNo(trx: Trx, { surface, version, by }: Saying, person: Id, now: Date): Promise<Draft> {
  const objection = randomUUID()
  await trx
    .insertInto('objections')
    .values({ id: objection, person, version, surface, whose: 'observed', at: now })
    .execute()
  return { facts: { kind: 'objected', objection, person, surface, version, whose: 'observed' }, by }
}

/** The same, of a picture: who has looked at what covers it has checked the cover as well, and what lies under it is erased for good. */
export const checkPicture = (db: Db, viewer: Viewer, input: CheckInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const version = await trx
      .selectFrom('sayings as s')
      .innerJoin('versions as v', 'v.id', 's.version')
      .select('v.id')
      .where('s.id', '=', input.said)
      .where('v.coveredBy', 'is not', null)
      .where('v.coverChecked', 'is', null)
      .executeTakeFirst()
    // Rows of other rooms are locked before the log is.
    if (version) await checkCover(trx, viewer, { version: version.id }, now)
    await checkWhoIsIn(trx, viewer, input, now)
  })

/** Says that this is who is in it: only somebody who neither posted it, nor covered it, nor said so. Idempotent. */
export const checkWhoIsIn = (db: Db, viewer: Viewer, input: CheckInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const saying = await trx
      .selectFrom('sayings')
      .select(['surface', 'version', 'nobody', 'saidBy', 'checked', 'replaced'])
      .where('id', '=', input.said)
      .executeTakeFirst()
    if (!saying) throw missing()
    const { surface, version } = saying
    const state = await stateOf(trx, surface)
    await mayOrRefuse(trx, viewer, { state, surface, version, said: saying.saidBy })
    if (saying.checked !== null) return
    if (saying.replaced !== null) throw new Refusal('conflict', 'consent.refusal.said-anew')
    const there = everybodyIn(state, surface, version)
    const open = there.filter(({ person }) => person === null).map(({ id }) => id)
    const known = new Set(there.map(({ id }) => id))
    const wrong = input.wrong.filter((id) => known.has(id))
    // Who says that nobody can be recognised in a picture says it of everybody who was said to be in it before.
    const nobody = saying.nobody && version !== null
    const covered = there.flatMap(({ id, person, modes }) =>
      input.covered.includes(id) || (nobody && person !== null && modes.length > 0 && !wrong.includes(id))
        ? [id]
        : [],
    )
    const ends = [...open, ...covered, ...saidAnew(state, surface, version)]
    const facts: Facts = { kind: 'checked', said: input.said, surface, version, ends, wrong }
    const drafts: Draft[] = [{ facts, by: handOf(viewer) }]
    const names = (state.appearances.get(partOf(surface, null)) ?? []).filter(isFoundName)
    const notTheirs = names.map(({ id }) => id).filter((id) => input.wrong.includes(id))
    // The words were changed meanwhile: nobody has looked at these.
    if (notTheirs.some((id) => state.taken.has(id)))
      throw new Refusal('conflict', 'consent.refusal.said-anew')
    if (notTheirs.length > 0) drafts.push(await unnamed(trx, viewer, { surface, ids: notTheirs }, now))
    await trx
      .updateTable('sayings')
      .set({ checkedBy: viewer.account, checked: now })
      .where('id', '=', input.said)
      .execute()
    if (ends.length + wrong.length > 0) {
      await trx
        .updateTable('appearances')
        .set({ ended: now, checkedBy: viewer.account, checked: now })
        .where('id', 'in', [...ends, ...wrong])
        .where('version', version === null ? 'is' : '=', version)
        .execute()
    }
    await happened(trx, { surfaces: [surface], people: [], drafts }, now)
    await writeDown(trx, viewer, { action: 'consent.checked', subject: `surfaces:${surface}` })
  })

/** Keeps that names which the site found are not those people's: with the same words around them they are not found again. */
async function unnamed(
  trx: Trx,
  viewer: Viewer,
  { surface, ids }: { surface: Id; ids: readonly Id[] },
  now: Date,
): Promise<Draft> {
  await trx
    .updateTable('appearances')
    .set({ ended: now, checkedBy: viewer.account, checked: now })
    .where('id', 'in', ids)
    .where('ended', 'is', null)
    .execute()
  return { facts: { kind: 'unnamed', surface, appearances: ids }, by: handOf(viewer) }
}

/** Appearances of somebody of whom the same was said anew on this very version, in the same ways or more: the newest stands for all. */
function saidAnew(state: State, surface: Id, version: Id | null): Id[] {
  const here = (state.appearances.get(partOf(surface, version)) ?? []).filter(({ person }) => person !== null)
  return here
    .filter((one, at) =>
      here
        .slice(at + 1)
        .some(
          (newer) =>
            newer.person === one.person &&
            newer.assent !== null &&
            one.modes.every((mode) => newer.modes.includes(mode)),
        ),
    )
    .map(({ id }) => id)
}

const everybodyIn = (state: State, surface: Id, version: Id | null): Appearance[] =>
  (version === null ? [partOf(surface, null)] : lineage(state, version)).flatMap(
    (part) => state.appearances.get(part) ?? [],
  )

type Checked = { state: State; surface: Id; version: Id | null; said: Hand }

async function mayOrRefuse(
  trx: Trx,
  viewer: Viewer,
  { state, surface, version, said }: Checked,
): Promise<void> {
  const standing = await standingIn(trx, viewer, organisationOf(state, surface))
  const maker = version === null ? null : (state.versions.get(version)?.maker ?? null)
  const posters = [...postersIn(state, surface), ...(maker === null ? [] : [maker])]
  const hands = handsOf(viewer)
  if (mayCheck(viewer, standing, { posters, said, hands })) return
  if (mayCheck(viewer, standing, { posters: [], said: '', hands })) {
    throw new Refusal('forbidden', 'consent.refusal.second-person')
  }
  throw missing()
}
