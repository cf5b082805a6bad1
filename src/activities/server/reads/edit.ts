import { languageCodes, signCodes, townLine, whenValues } from '#activities/edit.ts'
import { hostedBy } from '#activities/server/reads/host.ts'
import { occurrencesOf, type Activity, type Occurrence } from '#activities/server/reads/rsvp.ts'
import { takenAhead } from '#activities/server/reads/seats.ts'
import type { Joining } from '#activities/seats.ts'
import { softEdge } from '#activities/timing.ts'
import { countryChoices } from '#kernel/countries.ts'
import { zonesIn } from '#activities/zones.ts'
import { listGroups } from '#groups/server/reads.ts'
import type { Language } from '#kernel/messages.ts'
import { addDays, happens, instantOf, sayDays, sayLanguage } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import { audiencesOf, kindsOf } from '#weeks/server/reads.ts'
import { clusters, nameOf } from '#weeks/week.ts'

/** Answers which of two is meant where the clocks show the first time twice; null where they show it once. */
export function whichOf(
  row: { startLocal: string | null; zone: string | null },
  dates: readonly Occurrence[],
): 'earlier' | 'later' | null {
  if (row.startLocal === null || row.zone === null) return null
  if (happens(row.startLocal, row.zone) !== 'twice') return null
  const later = instantOf(row.startLocal, row.zone, 'later')
  return dates[0]?.starts.getTime() === later.getTime() ? 'later' : 'earlier'
}

/** Answers a host's whole form as it stands, and what can be chosen in it. */
export async function editPage(db: Db, token: string, language: Language, now: Date) {
  const { activity, monday } = await hostedBy(db, token, now)
  const dates = await occurrencesOf(db, activity.id)
  const [kinds, audiences, groups] = await Promise.all([
    kindsOf(db, activity.week),
    audiencesOf(db, activity.week),
    listGroups(db),
  ])
  const group = activity.group
    ? await db.selectFrom('groups').select('slug').where('id', '=', activity.group).executeTakeFirst()
    : undefined
  const values: Record<string, string | string[]> = {
    ...whenValues(activity, whichOf(activity, dates)),
    ...wordsOf(activity),
    place: townLine(activity, language),
    group: group?.slug ?? '',
  }
  return {
    token,
    slug: activity.slug,
    title: activity.title,
    state: activity.state,
    revision: activity.revision,
    values,
    kinds: kinds
      .filter((kind) => !kind.retired || kind.code === activity.kind)
      .map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    clusters: clusters.map((code) => ({
      code,
      audiences: audiences
        .filter((one) => one.cluster === code && (!one.retired || activity.audiences.includes(one.code)))
        .map((one) => ({ value: one.code, label: nameOf(one, language) })),
    })),
    groups: groups.map((one) => ({ value: one.slug, label: one.name })),
    languages: [...new Set([...languageCodes, ...activity.languages])].map((code) => ({
      value: code,
      label: sayLanguage(code, language),
    })),
    signs: [...signCodes],
    countries: countryChoices(language),
    zones: zonesIn(language, new Date(monday)),
    days: sayDays(monday, addDays(monday, 6), language),
    first: addDays(monday, -softEdge),
    last: addDays(monday, 6 + softEdge),
    taken: await mostTaken(db, activity.id, now),
  }
}
async function mostTaken(db: Db, activity: string, now: Date): Promise<Record<Joining, number>> {
  const most = { 'in-person': 0, online: 0 }
  for (const { joining, taken } of await takenAhead(db, activity, now))
    most[joining] = Math.max(most[joining], taken)
  return most
}

export type EditPage = Awaited<ReturnType<typeof editPage>>

const wordsOf = (row: Activity): Record<string, string | string[]> => ({
  kind: row.kind,
  title: row.title,
  summary: row.summary,
  description: row.description,
  mode: row.mode,
  private: row.privatePlace ? 'yes' : '',
  placeName: row.placeName ?? '',
  address: row.address ?? '',
  placeDetails: row.placeDetails ?? '',
  joinUrl: row.joinUrl ?? '',
  joinDetails: row.joinDetails ?? '',
  languages: row.languages,
  access: row.access,
  signLanguages: row.signLanguages,
  arrive: row.arrive,
  welcome: row.welcome,
  audiences: row.audiences,
  capacity: row.capacity === null ? '' : String(row.capacity),
  onlineCapacity: row.onlineCapacity === null ? '' : String(row.onlineCapacity),
  takesRsvps: row.takesRsvps ? 'yes' : '',
  asksFirst: row.asksFirst ? 'yes' : '',
  hostName: row.hostName,
})
