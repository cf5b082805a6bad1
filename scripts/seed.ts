import activitiesJson from './seed/example/activities.json' with { type: 'json' }
import groupsJson from './seed/example/groups.json' with { type: 'json' }
import reportsJson from './seed/example/reports.json' with { type: 'json' }
import storiesJson from './seed/example/stories.json' with { type: 'json' }
import siteJson from './seed/site.json' with { type: 'json' }
import weeksJson from './seed/weeks.json' with { type: 'json' }
import { seedOrganisations } from './seed/organisations.ts'
import { seedReplies } from './seed/replies.ts'
import type { ActivityState, Mode, Series, Timing } from '#activities/activity.ts'
import { plainActivity } from '#activities/say.ts'
import type { Change } from '#activities/series.ts'
import type { Joining } from '#activities/seats.ts'
import { placeActivity } from '#activities/server/writes/place.ts'
import { instantOf } from '#kernel/times.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { newToken } from '#platform/server/tokens.ts'
import { theSite } from '#kernel/viewer.ts'
import type { ToldHow } from '#stories/story.ts'
import { saveSettings } from '#site/server/writes.ts'
import { bringAlong } from '#weeks/server/writes/bring-along.ts'

type SeedTiming = 'week' | { day: string; endDay?: string } | { start: string; end?: string; zone: string }
type SeedActivity = {
  slug: string
  kind: string
  title: string
  summary?: string
  description?: string
  state: ActivityState
  mode: Mode
  timing: SeedTiming
  series?: Series
  changes?: Change[]
  place: {
    name: string | null
    address: string | null
    town: string
    country: string
    lat: number | null
    lon: number | null
    private: boolean
  } | null
  joinUrl?: string
  joinDetails?: string
  languages: string[]
  signLanguages?: string[]
  access: string[]
  arrive?: string
  welcome: string[]
  audiences: string[]
  capacity?: number
  guests?: number
  waitingGuests?: number
  group?: string
  hostName: string
  hostEmail: string
  coHosts?: { name: string; email: string }[]
  reason?: string
}

const activities = activitiesJson as SeedActivity[]
const exampleYear = 2027

/** Loads the weeks that are known as facts: closed ones with what is known of them. Idempotent. */
export async function seedWeeks(db: Db, which: 'facts' | 'all', now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const week of weeksJson) {
      if (week.example && which === 'facts') continue
      const made = await trx
        .insertInto('weeks')
        .values({
          year: week.year,
          monday: week.monday,
          name: week.names.en,
          theme: week.theme?.en ?? null,
          dayThemes: week.dayThemes?.en ?? [],
          hashtag: week.hashtag,
          announcement: week.announcement.en,
          announced: week.example ? now : new Date(`${week.monday}T00:00:00Z`),
          state: week.example ? 'announced' : 'closed',
          source: week.source ? `[${week.source.title}](${week.source.url})` : null,
          known: week.example ? null : known(week),
          example: week.example,
        })
        .onConflict((conflict) => conflict.column('year').doNothing())
        .returning('year')
        .executeTakeFirst()
      if (made) await bringAlong(trx, null, week.year)
    }
  })
}

function known(week: (typeof weeksJson)[number]): string | null {
  const things = week.things?.en ?? []
  const facts = week.facts?.en ?? []
  if (things.length + facts.length === 0) return null
  return [...facts, ...things.map((thing) => `- ${thing}`)].join('\n\n').replace(/\n\n- /g, '\n- ')
}

const timingOf = (timing: SeedTiming): Timing => {
  if (timing === 'week') return { timing: 'week' }
  if ('day' in timing) return { timing: 'day', day: timing.day, endDay: timing.endDay ?? null }
  return { timing: 'time', start: timing.start, end: timing.end ?? null, zone: timing.zone }
}

/** Fills an empty site with the example week: groups, activities in every state, guests, reports, stories and organisations, all marked as an example. Nothing of it is mailed. Idempotent: does nothing when the example is there. */
export async function seedExample(db: Db, now = new Date()): Promise<void> {
  await seedWeeks(db, 'all', now)
  await inTransaction(db, async (trx) => {
    if (
      await trx.selectFrom('activities').select('id').where('example', '=', true).limit(1).executeTakeFirst()
    )
      return
    await saveSettings(trx, theSite, { name: siteJson.exampleName, example: true }, now)
    const groups = await seedGroups(trx, now)
    const ids = new Map<string, string>()
    for (const activity of activities) ids.set(activity.slug, await seedActivity(trx, activity, groups, now))
    await seedReports(trx, ids, now)
    await seedStories(trx, { ids, groups }, now)
    await seedReplies(trx)
    await seedOrganisations(trx, now)
  })
}

async function seedGroups(trx: Trx, now: Date): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const { slug, name, country, region, town, lat, lon, text, rhythm } of groupsJson) {
    const { id } = await trx
      .insertInto('groups')
      .values({
        slug,
        name,
        country,
        region,
        town,
        lat,
        lon,
        page: text,
        rhythm,
        example: true,
        created: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.set(slug, id)
  }
  return ids
}

async function seedActivity(
  trx: Trx,
  activity: SeedActivity,
  groups: Map<string, string>,
  now: Date,
): Promise<string> {
  const confirmed = activity.state === 'unverified' ? null : now
  const listed = ['published', 'cancelled'].includes(activity.state)
  const { timing, coHosts = [], hostEmail, place, guests = 0, waitingGuests = 0, group, ...same } = activity
  const made = await placeActivity(
    trx,
    {
      ...plainActivity,
      ...same,
      week: exampleYear,
      timing: timingOf(timing),
      place: place ? { ...place, exact: place.lat !== null, details: null } : null,
      group: group === undefined ? null : (groups.get(group) ?? null),
      published: listed ? now : null,
      hosts: [
        { email: hostEmail, name: activity.hostName, part: 'host', confirmed },
        ...coHosts.map((host) => ({ ...host, part: 'co-host' as const, confirmed })),
      ],
      example: true,
    },
    now,
  )
  await seedGuests(
    trx,
    { id: made.id, joining: activity.mode === 'online' ? 'online' : 'in-person', guests, waitingGuests },
    now,
  )
  return made.id
}

type Guests = { id: string; joining: Joining; guests: number; waitingGuests: number }

async function seedGuests(trx: Trx, activity: Guests, now: Date): Promise<void> {
  const count = activity.guests + activity.waitingGuests
  if (count === 0) return
  const first = await trx
    .selectFrom('occurrences')
    .select('id')
    .where('activity', '=', activity.id)
    .orderBy('starts')
    .limit(1)
    .executeTakeFirst()
  await trx
    .insertInto('rsvps')
    .values(
      Array.from({ length: count }, (_, at) => ({
        activity: activity.id,
        occurrence: first?.id ?? null,
        token: newToken().hash,
        email: `guest-${at + 1}@example.org`,
        joining: activity.joining,
        state: at < activity.guests ? 'going' : 'waiting',
        waitingSince: at < activity.guests ? null : new Date(now.getTime() + at),
        confirmed: now,
        seated: at < activity.guests ? now : null,
        isNew: at % 3 === 0,
        example: true,
        created: now,
      })),
    )
    .execute()
}

async function seedReports(trx: Trx, ids: Map<string, string>, now: Date): Promise<void> {
  await trx
    .insertInto('attendanceReports')
    .values(
      reportsJson.flatMap((report) => {
        const activity = ids.get(report.activity)
        if (activity === undefined) throw new Error(`The report of ${report.activity} has no activity`)
        return {
          activity,
          came: report.came,
          newPeople: report.new,
          audiences: JSON.stringify(report.audiences),
          sentence: report.sentence,
          example: true,
          created: now,
        }
      }),
    )
    .execute()
}

type Known = { ids: Map<string, string>; groups: Map<string, string> }
type SeedStory = (typeof storiesJson)[number] & {
  withName?: string
  toldHow?: ToldHow
  link?: string
  linkTitle?: string
  linkWords?: string
  authorPage?: string
  activity?: string
  group?: string
  town?: string
}

async function seedStories(trx: Trx, known: Known, now: Date): Promise<void> {
  for (const story of storiesJson as SeedStory[]) {
    await trx
      .insertInto('stories')
      .values({
        slug: story.slug,
        week: exampleYear,
        title: story.title,
        body: story.body,
        kind: story.kind,
        country: story.country,
        town: story.town ?? null,
        authorName: story.authorName,
        withName: story.withName ?? '',
        toldHow: story.toldHow ?? 'writing',
        link: story.link ?? null,
        linkTitle: story.linkTitle ?? '',
        linkWords: story.linkWords ?? '',
        account: story.authorPage === undefined ? null : await seedAuthor(trx, story, now),
        language: story.language,
        activity: story.activity === undefined ? null : (known.ids.get(story.activity) ?? null),
        group: story.group === undefined ? null : (known.groups.get(story.group) ?? null),
        drawing: story.drawing,
        drawingWords: story.drawingWords,
        state: 'published',
        published: instantOf(story.published, story.zone),
        example: true,
        created: now,
      })
      .execute()
  }
}

async function seedAuthor(
  trx: Trx,
  { authorName: name, authorPage = '' }: SeedStory,
  now: Date,
): Promise<string> {
  const { id } = await trx
    .insertInto('accounts')
    .values({ name, email: `${authorPage}@example.org`, example: true, created: now, updated: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx.insertInto('authorPages').values({ account: id, slug: authorPage, name, created: now }).execute()
  return id
}
