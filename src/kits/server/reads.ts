import { sayCode } from '#activities/filter-words.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { townOf } from '#activities/view.ts'
import { sayWhen } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import { groupBySlug } from '#groups/server/reads.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { dayOf, sayDay, sayDays } from '#kernel/times.ts'
import { anybody } from '#kernel/viewer.ts'
import type { Kit } from '#kits/kit.ts'
import type { Db } from '#platform/server/db.ts'
import { currentWeek, weekByYear } from '#weeks/server/reads.ts'

/** Whose pages a kit leads to. */
export type KitOf = { slug: string; site: string; language: Language }

/** Answers what a kit says about an activity ("cafe-leeds"), a group ("group-leeds") or a week ("week-2027"), as everybody may read it at this moment: of a private place its town. Throws "missing" for what may not be read. */
export async function kitOf(db: Db, of: KitOf, now: Date): Promise<Kit> {
  const [, year] = /^week-(\d{4})$/.exec(of.slug) ?? []
  if (year !== undefined) return kitOfWeek(db, of, { year: Number(year), now })
  const [, group] = /^group-([a-z0-9-]{1,100})$/.exec(of.slug) ?? []
  const kit = group === undefined ? null : await kitOfGroup(db, of, group, now)
  return kit ?? kitOfActivity(db, of, now)
}

/** The day that it is, by the clock between all others: a kit is read everywhere. */
const dayIn = (language: Language, now: Date): string => sayDay(dayOf(now, 'UTC'), language, true)

async function kitOfActivity(db: Db, { slug, site, language }: KitOf, now: Date): Promise<Kit> {
  const text = textIn(language)
  const activity = await activityPage(db, slug, now, language)
  const week = await weekByYear(db, anybody, activity.week)
  const say = { text, language }
  return {
    slug,
    title: activity.title,
    when: sayWhen(activity, { ...say, monday: activity.monday }),
    where: [activity.privatePlace ? null : activity.place?.name, sayWhere(townOf(activity), say)]
      .filter(Boolean)
      .join(', '),
    summary: activity.summary,
    access: activity.access.slice(0, 8).map((code) => sayCode('access', code, text)),
    address: `${site}/activities/${slug}`,
    week: week?.name ?? '',
    hashtag: week?.hashtag ?? null,
    host: activity.hostName,
    drawing: activity.drawing,
    drawn: text('kit.drawn', { what: activity.kindName }),
    language,
    cancelled: activity.status === 'cancelled',
    example: activity.example,
    day: dayIn(language, now),
  }
}

async function kitOfGroup(db: Db, of: KitOf, group: string, now: Date): Promise<Kit | null> {
  const found = await groupBySlug(db, anybody, group)
  if (!found) return null
  const text = textIn(of.language)
  const week = await currentWeek(db, now)
  return {
    slug: of.slug,
    title: found.name,
    when: found.rhythm,
    where: sayWhere(
      { mode: 'in-person', town: found.town, country: found.country },
      { text, language: of.language },
    ),
    summary: text('kit.group'),
    access: [],
    address: `${of.site}/groups/${group}`,
    week: week?.name ?? '',
    hashtag: week?.hashtag ?? null,
    host: '',
    drawing: 'group-meeting',
    drawn: text('kit.drawn', { what: found.name }),
    language: of.language,
    cancelled: false,
    example: found.example,
    day: dayIn(of.language, now),
  }
}

async function kitOfWeek(
  db: Db,
  { slug, site, language }: KitOf,
  { year, now }: { year: number; now: Date },
): Promise<Kit> {
  const week = await weekByYear(db, anybody, year)
  if (!week) throw missing()
  const text = textIn(language)
  return {
    slug,
    title: week.name,
    when: sayDays(week.monday, week.sunday, language),
    where: text('kit.everywhere'),
    summary: week.theme ?? text('kit.week'),
    access: [],
    address: site,
    week: '',
    hashtag: week.hashtag,
    host: '',
    drawing: 'hero',
    drawn: text('kit.drawn', { what: week.name }),
    language,
    cancelled: false,
    example: week.example,
    day: dayIn(language, now),
  }
}
