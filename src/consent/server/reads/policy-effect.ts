import { rulesOf } from '#consent/ceiling.ts'
import { goesBeyond, showsOf } from '#consent/engine.ts'
import type { Event, Id } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt, type Instant } from '#consent/ranges.ts'
import { eventsOf, surfacesUnder } from '#consent/server/load.ts'
import { pieces } from '#consent/server/settle.ts'
import { sightOf } from '#consent/sight.ts'
import type { PolicyEffect } from '#consent/standing.ts'
import type { State } from '#consent/state.ts'
import { toldAs } from '#consent/waits.ts'
import type { Policy } from '#organisations/policy.ts'
import type { Db } from '#platform/server/db.ts'

type Wanted = { organisation: Id; policy: Policy }

/** Answers what a policy would hide at this moment if it took the place of the one in force, and what could come back: asked of the engine that decides it, with the log as it would be. For a lead whom the calling room has proven. Changes nothing. */
export async function effectOf(db: Db, { organisation, policy }: Wanted, now: Date): Promise<PolicyEffect> {
  const at = now.getTime()
  const effect: PolicyEffect = { stories: 0, pictures: 0, feeds: 0, back: 0 }
  for (const { surfaces } of pieces({ surfaces: await surfacesUnder(db, organisation), people: [] })) {
    const open = await openOf(db, surfaces)
    const events = await eventsOf(db, { surfaces: open, people: [] })
    const n = Math.max(0, ...events.map((event) => event.n)) + 1
    const saved: Event = {
      n,
      at,
      by: 'site',
      kind: 'policy',
      organisation,
      version: 0,
      rules: rulesOf(policy),
    }
    const [before, after] = [fold(events), fold([...events, saved])]
    for (const surface of open) {
      const [was, would] = [shownOf(before, surface, at), shownOf(after, surface, at)]
      effect.stories += Number(was.whole && !would.whole)
      effect.pictures += was.pictures.filter((id) => !would.pictures.includes(id)).length
      effect.feeds += was.feeds.filter(
        (id) => would.pictures.includes(id) && !would.feeds.includes(id),
      ).length
      effect.back += Number(!toldAs(before, surface, at).back && toldAs(after, surface, at).back)
    }
  }
  return effect
}

/** What is seen of a surface at a moment. */
function shownOf(state: State, surface: Id, at: Instant): { whole: boolean; pictures: Id[]; feeds: Id[] } {
  const sight = sightOf(state, surface)
  const pictures = (state.placed.get(surface) ?? []).filter(
    ({ id, version, live }) => version !== null && live !== null && holdsAt(showsOf(state, id), at),
  )
  return {
    whole: holdsAt(showsOf(state, surface), at),
    pictures: pictures.map(({ id }) => id),
    feeds: pictures.filter((one) => holdsAt(goesBeyond(sight, one), at)).map(({ id }) => id),
  }
}

/** Of some surfaces those that the room that owns them shows at all. */
async function openOf(db: Db, surfaces: readonly Id[]): Promise<Id[]> {
  if (surfaces.length === 0) return []
  const rows = await db
    .selectFrom('surfaces')
    .select('id')
    .where('id', 'in', [...surfaces])
    .where('open', '=', true)
    .execute()
  return rows.map(({ id }) => id)
}
