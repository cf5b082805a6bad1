import { randomUUID } from 'node:crypto'
import type { Facts, Hand, Id } from '#consent/events.ts'
import { pictureModes, wordModes, type Placing } from '#consent/permission.ts'
import { happened } from '#consent/server/happened.ts'
import { isAlike } from '#consent/server/likeness.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { partsOf, stateOf } from '#consent/server/surface.ts'
import { openStops } from '#consent/stops.ts'
import { askedBefore } from '#consent/waits.ts'
import { partOf, type Placement, type State } from '#consent/state.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Puts a version (or the words) on a surface, seen by nobody: unresolved until somebody says who is in it and somebody else checks. Placing the same again answers the same. */
export const placeVersion = (
  db: Db,
  _viewer: Viewer,
  input: Placing,
  now: Date,
): Promise<{ placement: Id }> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const state = await stateOf(trx, input.surface)
    const there = partsOf(state, input.surface).find(
      ({ version, circle }) => version === input.version && circle === input.circle,
    )
    if (there) return { placement: there.id }
    const placement = randomUUID()
    const drafts = [
      ...surfaceDrafts(state, input),
      ...(await versionDrafts(trx, state, input)),
      await placedDraft(trx, input, placement, now),
      ...(await stoppedDrafts(trx, { ...input, placement }, now)),
    ]
    await happened(trx, { surfaces: [input.surface], people: [], drafts }, now)
    return { placement }
  })

function surfaceDrafts(state: State, { surface, type, circle, notBefore, by }: Placing): Draft[] {
  if (state.surfaces.has(surface)) return []
  const facts: Facts = { kind: 'surface', surface, type, circle, notBefore: notBefore?.getTime() ?? null }
  return [{ facts, by }]
}

/** What begins with a new version: whether it has words, and one appearance that nobody has resolved for each way somebody could be in it. */
async function versionDrafts(trx: Trx, state: State, { surface, version, by }: Placing): Promise<Draft[]> {
  if (state.appearances.has(partOf(surface, version))) return []
  const drafts: Draft[] = []
  if (version !== null) {
    const row = await versionRow(trx, version)
    if (row?.surface !== surface) throw missing()
    const { source, coveredBy } = row
    drafts.push({ facts: { kind: 'version', version, surface, source, maker: coveredBy ?? by }, by })
    const described = row.decoration || row.words !== ''
    if (described) drafts.push({ facts: { kind: 'described', version, surface, described }, by })
  }
  return [...drafts, ...(await unresolved(trx, surface, version))]
}

/** Keeps an appearance for each way somebody could be in something, of nobody knows whom. */
export async function unresolved(trx: Trx, surface: Id, version: Id | null): Promise<Draft[]> {
  const rows = (version === null ? wordModes : pictureModes).map((mode) => ({
    id: randomUUID(),
    surface,
    version,
    modes: [mode],
  }))
  await trx
    .insertInto('appearances')
    .values(rows.map((row) => ({ ...row, saidBy: 'site' })))
    .execute()
  return rows.map(({ id: appearance, modes }) => ({
    facts: { kind: 'appears', appearance, surface, version, person: null, modes, assent: null },
    by: 'site',
  }))
}

const versionRow = (trx: Trx, version: Id) =>
  trx
    .selectFrom('versions')
    .select(['surface', 'source', 'coveredBy', 'words', 'decoration'])
    .where('id', '=', version)
    .executeTakeFirst()

async function placedDraft(trx: Trx, input: Placing, placement: Id, now: Date): Promise<Draft> {
  const { surface, version, circle, purpose, modifiers, organisation, by } = input
  await trx
    .insertInto('placements')
    .values({
      id: placement,
      version,
      surface,
      circle,
      purpose,
      modifiers: [...modifiers],
      postedBy: by,
      organisation,
      changed: now,
    })
    .execute()
  const facts: Facts = {
    kind: 'placed',
    placement,
    surface,
    version,
    circle,
    purpose,
    modifiers,
    organisation,
  }
  return { facts, by }
}

/** Puts what lies on a surface there anew, for another organisation to answer for: asked for and stopped as it was. Answers what has to be written. */
export async function placeAnew(
  trx: Trx,
  part: Placement,
  { state, organisation, by }: { state: State; organisation: Id | null; by: Hand },
  now: Date,
): Promise<Draft[]> {
  const { id, surface, version, circle, purpose, modifiers, asked: wish } = part
  const placement = randomUUID()
  // Of each version there is one at a time.
  await trx.updateTable('placements').set({ state: 'purged' }).where('id', '=', id).execute()
  const input = { surface, type: '', version, circle, purpose, modifiers, organisation, notBefore: null, by }
  return [
    { facts: { kind: 'purged', placement: id, surface }, by },
    await placedDraft(trx, input, placement, now),
    ...(wish === null ? [] : [{ facts: { kind: 'asked' as const, placement, surface }, by }]),
    ...openStops(state, surface)
      .filter((stop) => stop.placement === id)
      .map((): Draft => ({
        facts: { kind: 'stopped', stop: randomUUID(), surface, placement, why: 'alike', own: false },
        by: 'site',
      })),
  ]
}

/** What is like a withdrawn picture is stopped, and whoever posts it is told no more than of any other that waits for a second person (rule 25). */
async function stoppedDrafts(trx: Trx, input: Placing & { placement: Id }, now: Date): Promise<Draft[]> {
  const { surface, version, placement } = input
  if (version === null || !(await isAlike(trx, version, now))) return []
  const facts: Facts = { kind: 'stopped', stop: randomUUID(), surface, placement, why: 'alike', own: false }
  return [{ facts, by: 'site' }]
}

/** Asks for everything on a surface to be shown to a circle: it is from the moment on at which nothing is missing. What was asked for a wider one is taken off. Idempotent. */
export const askForCircle = (
  db: Db,
  _viewer: Viewer,
  input: { surface: Id; circle: Circle; by: Hand },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, circle, by } = input
    const state = await stateOf(trx, surface)
    const parts = partsOf(state, surface)
    const known = state.surfaces.get(surface)
    if (!known || parts.length === 0) return
    const drafts: Draft[] = []
    if (known.circle !== circle) {
      const { type, notBefore } = known
      drafts.push({ facts: { kind: 'surface', surface, type, circle, notBefore }, by })
    }
    for (const part of parts.filter((one) => one.circle > circle)) {
      drafts.push({ facts: { kind: 'purged', placement: part.id, surface }, by })
    }
    for (const part of oneOfEach(parts, circle)) {
      // Asked for under a policy that did not allow it: asking again is asking under the one in force now.
      const again = part.circle === circle && askedBefore(state, part, now.getTime())
      const anew = { state, organisation: part.organisation, by: part.postedBy }
      drafts.push(...(await (again ? placeAnew(trx, part, anew, now) : asked(trx, part, input, now))))
    }
    if (drafts.length > 0) await happened(trx, { surfaces: [surface], people: [], drafts }, now)
  })

/** One placement of each version: the one for this circle if there is one, else the widest. */
const oneOfEach = (parts: readonly Placement[], circle: Circle): Placement[] =>
  [...new Set(parts.map(({ version }) => version))].flatMap((version) => {
    const of = parts.filter((part) => part.version === version)
    const here = of.find((part) => part.circle === circle)
    return here ?? of.toSorted((one, other) => other.circle - one.circle).slice(0, 1)
  })

async function asked(
  trx: Trx,
  part: Placement,
  { surface, circle, by }: { surface: Id; circle: Circle; by: Hand },
  now: Date,
): Promise<Draft[]> {
  if (part.circle === circle) {
    return part.asked === null ? [{ facts: { kind: 'asked', placement: part.id, surface }, by }] : []
  }
  const placement = randomUUID()
  const { version, purpose, modifiers, organisation, postedBy } = part
  const input = { surface, type: '', version, circle, purpose, modifiers, organisation, notBefore: null }
  const draft = await placedDraft(trx, { ...input, by: postedBy }, placement, now)
  return [draft, { facts: { kind: 'asked', placement, surface }, by }]
}

/** Takes a version off a surface for good. What was hidden before stays hidden until somebody else restores it. Idempotent. */
export const takeOut = (
  db: Db,
  _viewer: Viewer,
  input: { surface: Id; version: Id; by: Hand },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, version, by } = input
    const parts = partsOf(await stateOf(trx, surface), surface).filter((part) => part.version === version)
    const drafts = parts.map(({ id }): Draft => ({ facts: { kind: 'purged', placement: id, surface }, by }))
    if (drafts.length > 0) await happened(trx, { surfaces: [surface], people: [], drafts }, now)
  })

/** Takes note of what a teller changed: when the activity is over; whether the words were (somebody looks at who is in them anew then). Of a surface without permission it does nothing. */
export const surfaceChanged = (
  db: Db,
  _viewer: Viewer,
  input: { surface: Id; notBefore: Date | null; words: boolean; by: Hand },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const { surface, by } = input
    const state = await stateOf(trx, surface)
    const known = state.surfaces.get(surface)
    if (!known) return
    const notBefore = input.notBefore?.getTime() ?? null
    const drafts: Draft[] = []
    if (known.notBefore !== notBefore) {
      const { type, circle } = known
      drafts.push({ facts: { kind: 'surface', surface, type, circle, notBefore }, by })
    }
    const hasWords = partsOf(state, surface).some(({ version }) => version === null)
    if (input.words && hasWords) {
      drafts.push(...(await unresolved(trx, surface, null)))
      await trx
        .updateTable('sayings')
        .set({ replaced: now })
        .where('surface', '=', surface)
        .where('version', 'is', null)
        .where('replaced', 'is', null)
        .execute()
    }
    if (drafts.length > 0) await happened(trx, { surfaces: [surface], people: [], drafts }, now)
  })

/** Takes note that the words for a picture were written or taken away. Idempotent. */
export const versionDescribed = (
  db: Db,
  _viewer: Viewer,
  input: { version: Id; by: Hand },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const row = await versionRow(trx, input.version)
    if (!row) throw missing()
    const { surface } = row
    const state = await stateOf(trx, surface)
    const known = state.versions.get(input.version)
    const described = row.decoration || row.words !== ''
    if (!known || (known.described?.is ?? false) === described) return
    const facts: Facts = { kind: 'described', version: input.version, surface, described }
    await happened(trx, { surfaces: [surface], people: [], drafts: [{ facts, by: input.by }] }, now)
  })
