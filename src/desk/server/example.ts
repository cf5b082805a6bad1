import { sql } from 'kysely'
import { removeExampleAccounts, setExampleAccountsAside } from '#accounts/server/writes/example.ts'
import {
  bringExampleActivitiesBack,
  removeExampleActivities,
  setExampleActivitiesAside,
  weeksWithOwnActivities,
} from '#activities/server/writes/example.ts'
import { bringExampleGroupsBack, removeExampleGroups, setExampleGroupsAside } from '#groups/server/example.ts'
import { Refusal } from '#kernel/refusal.ts'
import { theSite, type Viewer } from '#kernel/viewer.ts'
import {
  bringExampleOrganisationsBack,
  removeExampleOrganisations,
  setExampleOrganisationsAside,
} from '#organisations/server/writes/example.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { maySetUp } from '#site/may.ts'
import { siteSettings } from '#site/server/reads.ts'
import { saveSettings } from '#site/server/writes.ts'
import { asideUntil } from '#site/settings.ts'
import {
  bringExampleStoriesBack,
  removeExampleStories,
  setExampleStoriesAside,
  weeksWithOwnStories,
} from '#stories/server/writes/example.ts'
import {
  bringExampleWeeksBack,
  removeExampleWeeks,
  setExampleWeeksAside,
} from '#weeks/server/writes/example.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { saveWeek, type SaveWeek } from '#weeks/server/writes/week.ts'

/** Hides the whole example from everybody at once, all or nothing; what real people made stays, and a week they made it in becomes the organisers' own draft. It can be brought back until `asideUntil`. Pressing again does no harm. */
export async function setExampleAside(db: Db, viewer: Viewer, _input: unknown, now: Date): Promise<void> {
  if (!maySetUp(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await inTransaction(db, async (trx) => {
    if (!(await lockExample(trx)).example) return
    await saveSettings(trx, viewer, { example: false, exampleAside: now.toISOString() }, now)
    await setConcernsAside(trx)
    await setExampleStoriesAside(trx)
    await setExampleActivitiesAside(trx)
    await setExampleGroupsAside(trx)
    await setExampleOrganisationsAside(trx)
    await setExampleAccountsAside(trx, true)
    await setExampleWeeksAside(trx, await ownWeeks(trx))
    await writeDown(trx, viewer, { action: 'example.set-aside', subject: 'site:example' })
  })
}

/** Brings the example back just as it was, while it is only set aside; refused once the organisers have a week of their own in its place. Pressing again does no harm. */
export async function bringExampleBack(db: Db, viewer: Viewer, _input: unknown, now: Date): Promise<void> {
  if (!maySetUp(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await inTransaction(db, async (trx) => {
    const settings = await lockExample(trx)
    if (settings.example) return
    if (settings.exampleAside === null) throw new Refusal('conflict', 'setup.example-too-late')
    if (!(await bringExampleWeeksBack(trx))) throw new Refusal('conflict', 'setup.example-own')
    await bringConcernsBack(trx)
    await bringExampleStoriesBack(trx)
    await bringExampleActivitiesBack(trx)
    await bringExampleGroupsBack(trx)
    await bringExampleOrganisationsBack(trx)
    await setExampleAccountsAside(trx, false)
    await saveSettings(trx, viewer, { example: true, exampleAside: null }, now)
    await writeDown(trx, viewer, { action: 'example.brought-back', subject: 'site:example' })
  })
}

/** Removes for good an example that was set aside long enough ago; answers how many of its activities and stories went. Run by the clock. */
export const removeOldExample = (db: Db, now: Date): Promise<number> =>
  inTransaction(db, async (trx) => {
    const until = asideUntil(await lockExample(trx))
    return until !== null && until <= now ? removeExample(trx, theSite, now) : 0
  })

/** Makes a week of the organisers' own. An example that is set aside and has its year or its Monday makes room for good first. Answers its year. */
export async function makeOwnWeek(db: Db, viewer: Viewer, input: SaveWeek, now: Date): Promise<number> {
  if (!mayChangeWeeks(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    await lockExample(trx)
    const inTheWay = await trx
      .selectFrom('weeks')
      .select('year')
      .where('example', '=', true)
      .where('setAside', 'is not', null)
      .where((on) => on.or([on('year', '=', input.year), on('monday', '=', input.monday)]))
      .executeTakeFirst()
    if (inTheWay) await removeExample(trx, viewer, now)
    return saveWeek(trx, viewer, input, now)
  })
}

/** What became of the example, and until when it can be brought back. */
export type ExampleState = {
  shown: boolean
  until: Date | null
  /** The organisers have no week of their own in its place. */
  mayComeBack: boolean
  /** Weeks that are the organisers' own now, because real people had put something in them. */
  own: { year: number; name: string }[]
}

/** Answers what became of the example. For organisers. */
export async function exampleState(db: Db, viewer: Viewer): Promise<ExampleState> {
  if (!maySetUp(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const settings = await siteSettings(db)
  const aside = await db
    .selectFrom('weeks')
    .select(['year', 'name', 'example'])
    .where('setAside', 'is not', null)
    .execute()
  return {
    shown: settings.example,
    until: asideUntil(settings),
    mayComeBack: aside.length > 0,
    own: aside.filter((week) => !week.example).map(({ year, name }) => ({ year, name })),
  }
}

async function removeExample(trx: Trx, viewer: Viewer, now: Date): Promise<number> {
  await trx.deleteFrom('concerns').where('example', '=', true).execute()
  const stories = await removeExampleStories(trx)
  const activities = await removeExampleActivities(trx)
  await removeExampleGroups(trx)
  await removeExampleOrganisations(trx)
  await removeExampleWeeks(trx)
  await removeExampleAccounts(trx)
  await saveSettings(trx, viewer, { exampleAside: null }, now)
  await writeDown(trx, viewer, { action: 'example.removed', subject: 'site:example' })
  return stories + activities
}

/** Answers the settings; two who press at once take turns. */
async function lockExample(trx: Trx) {
  await trx.selectFrom('settings').select('name').where('name', '=', 'example').forUpdate().execute()
  return siteSettings(trx)
}

const ownWeeks = async (trx: Trx): Promise<number[]> => [
  ...(await weeksWithOwnActivities(trx)),
  ...(await weeksWithOwnStories(trx)),
]

const setConcernsAside = (trx: Trx) =>
  trx
    .updateTable('concerns')
    .set({ setAside: sql`state`, state: 'closed' })
    .where('example', '=', true)
    .where('setAside', 'is', null)
    .execute()

const bringConcernsBack = (trx: Trx) =>
  trx
    .updateTable('concerns')
    .set({ state: sql`set_aside`, setAside: null })
    .where('setAside', 'is not', null)
    .execute()
