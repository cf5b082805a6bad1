import { randomUUID } from 'node:crypto'
import type { Facts, Hand, Id } from '#consent/events.ts'
import { happened } from '#consent/server/happened.ts'
import { isAlike, keepFingerprint } from '#consent/server/likeness.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { partsOf, stateOf } from '#consent/server/surface.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { theSite } from '#kernel/viewer.ts'
import type { Trx } from '#platform/server/db.ts'

/** A version that can be read from now on. */
export type MadeVersion = {
  version: Id
  surface: Id
  /** The version that this one is an edit of. */
  source: Id | null
  /** Whoever covered it, else whoever sent it; null: whoever held the page. */
  maker: Hand | null
  organisation: Id | null
  sha256: Buffer | null
  likeness: string | null
}

/** Takes note of a version that was made, in the transaction that made it: an edit takes the place of what it was made from, seen by nobody until somebody else has looked; what is like a withdrawn picture is stopped. */
export async function takeVersion(trx: Trx, made: MadeVersion, now: Date): Promise<void> {
  await lockConsent(trx)
  const { version, surface, source, sha256, likeness } = made
  await keepFingerprint(trx, { version, sha256, likeness })
  const state = await stateOf(trx, surface)
  const parts = partsOf(state, surface)
  for (const part of parts.filter((one) => one.version === source && source !== null)) {
    const { circle, purpose, modifiers, organisation, postedBy } = part
    const known = state.surfaces.get(surface)
    const over = known?.notBefore ?? null
    const notBefore = over === null ? null : new Date(over)
    const input = { surface, type: known?.type ?? 'story', version, circle, purpose, modifiers, organisation }
    const { placement } = await placeVersion(trx, theSite, { ...input, notBefore, by: postedBy }, now)
    const drafts: Draft[] = [{ facts: { kind: 'purged', placement: part.id, surface }, by: postedBy }]
    if (part.asked !== null) drafts.push({ facts: { kind: 'asked', placement, surface }, by: postedBy })
    await happened(trx, { surfaces: [surface], people: [], drafts }, now)
  }
  const placed = parts.filter((one) => one.version === version)
  if (placed.length === 0 || !(await isAlike(trx, version, now))) return
  const drafts = placed.map(({ id }): Draft => {
    const facts: Facts = {
      kind: 'stopped',
      stop: randomUUID(),
      surface,
      placement: id,
      why: 'alike',
      own: false,
    }
    return { facts, by: 'site' }
  })
  await happened(trx, { surfaces: [surface], people: [], drafts }, now)
}
