import { showsOf } from '#consent/engine.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt, nextChange } from '#consent/ranges.ts'
import { linkOf } from '#consent/server/links.ts'
import { eventsOf, surfacesWith } from '#consent/server/load.ts'
import { partsOf } from '#consent/server/surface.ts'
import { permissionState, placementState } from '#consent/server/views.ts'
import type { PersonPage } from '#consent/standing.ts'
import { whoIsIn } from '#consent/who.ts'
import type { AgeBand } from '#kernel/permission-words.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what the holder of a link may see and is asked: what is shown, where, to whom, and until when. Null for a link that is unknown or has ended, and for somebody who was forgotten: all look alike. Changes nothing. */
export async function personPage(db: Db, token: string, now: Date): Promise<PersonPage | null> {
  const link = await linkOf(db, token, now)
  if (!link) return null
  const row = await db
    .selectFrom('peopleShown')
    .select(['label', 'ageBand', 'forgotten'])
    .where('id', '=', link.person)
    .executeTakeFirst()
  if (!row || row.forgotten !== null) return null
  const surfaces = (await surfacesWith(db, [link.person])).slice(0, 100)
  const state = fold(await eventsOf(db, { surfaces, people: [link.person] }))
  const at = now.getTime()
  const asked = (state.permissions.get(link.person) ?? [])
    .filter(({ about }) => about.surface === link.surface || about.surface === null)
    .map((permission) => ({
      permission: permission.id,
      state: permissionState(state, permission, at),
      route: permission.route,
      ...(permission.given?.scope ?? permission.scope),
      ends: new Date(permission.ends),
    }))
  const placements = surfaces.flatMap((surface) =>
    partsOf(state, surface)
      .filter((part) => whoIsIn(state, surface, part.version).about.has(link.person))
      .map((part) => {
        const shows = showsOf(state, part.id)
        const next = nextChange(shows, at)
        return {
          placement: part.id,
          surface,
          version: part.version,
          circle: part.circle,
          state: placementState(part, shows, at),
          shown: holdsAt(shows, at),
          until: holdsAt(shows, at) && next !== null ? new Date(next) : null,
        }
      }),
  )
  return {
    person: link.person,
    label: row.label,
    ageBand: row.ageBand as AgeBand,
    part: link.part,
    surface: link.surface,
    asked,
    placements,
  }
}
