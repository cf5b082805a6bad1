import { sql } from 'kysely'
import type { ActivityState } from '#activities/activity.ts'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import { isSlug, type ActivityView } from '#activities/view.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import { missing } from '#kernel/refusal.ts'
import type { Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'

/** An activity as its own page shows it to whoever has the address. */
export type ActivityPage = ActivityView & {
  id: string
  description: string
  arrive: string
  hostName: string
  groupName: string | null
  /** Public places only. */
  address: string | null
  placeDetails: string | null
  privatePlace: boolean
  capacity: number | null
  onlineCapacity: number | null
  takesRsvps: boolean
  /** Everybody finds it in the list; else only those who were given its address. */
  listed: boolean
  /** Why it is not listed. */
  state: ActivityState
  monday: Day
  sunday: Day
  kindName: string
  /** The drawing of its kind. */
  drawing: string
  /** Until when it can still be met. */
  lastEnd: Date
  updated: Date
}

type PageRow = Omit<ActivityRow, 'state'> &
  Omit<ActivityPage, keyof ActivityView | 'listed'> & { published: Date | null; realState: ActivityState }

/** Answers one activity for its page; what may not be read (unverified, declined, withdrawn) is missing, the same as what never was. Of a private place only the town, of joining online nothing. */
export async function activityPage(db: Db, slug: string, now: Date, language = 'en'): Promise<ActivityPage> {
  if (!isSlug(slug)) throw missing()
  const { rows } = await sql<PageRow>`
    select ${rowColumns}, a.id, a.description, a.arrive, a.host_name as "hostName", g.name as "groupName",
      case when not a.private_place then a.address end as address,
      case when not a.private_place then a.place_details end as "placeDetails",
      a.capacity, a.online_capacity as "onlineCapacity", a.takes_rsvps as "takesRsvps", a.state as "realState",
      a.published, w.monday, (w.monday + 6)::date as sunday, a.last_end as "lastEnd", a.updated,
      coalesce(k.names ->> ${language}, k.names ->> 'en', a.kind) as "kindName", k.drawing
    from activities a
    join weeks w on w.year = a.week
    join kinds k on k.week = a.week and k.code = a.kind
    left join groups g on g.id = a."group" and not g.hidden
    where a.slug = ${slug} and a.state in ('waiting', 'asked-for-more', 'published', 'by-link', 'cancelled')
      and ${ledgerOpen}`.execute(db.withoutPlugins())
  const row = rows[0]
  if (!row) throw missing()
  const { published, realState, ...rest } = row
  const cancelled = realState === 'cancelled'
  const view = viewOf({ ...row, state: cancelled ? 'cancelled' : 'published' }, null, now)
  return {
    id: rest.id,
    description: rest.description,
    arrive: rest.arrive,
    hostName: rest.hostName,
    groupName: rest.groupName,
    address: rest.address,
    placeDetails: rest.placeDetails,
    privatePlace: rest.privatePlace,
    capacity: rest.capacity,
    onlineCapacity: rest.onlineCapacity,
    takesRsvps: rest.takesRsvps,
    monday: rest.monday,
    sunday: rest.sunday,
    kindName: rest.kindName,
    drawing: rest.drawing,
    lastEnd: rest.lastEnd,
    updated: rest.updated,
    ...view,
    state: realState,
    listed: realState === 'published' || (cancelled && published !== null),
  }
}
