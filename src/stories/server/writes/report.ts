import { reportAttendance, type ReportedActivity } from '#activities/server/writes/report.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { addStory, afterSending, drawingFor } from '#stories/server/writes/add.ts'
import { changeStory, lockStory, openStory, type LockedStory } from '#stories/server/writes/change.ts'
import { differenceOf, type HostReport, type StoryState, type StoryWords } from '#stories/story.ts'

export type Reported = { activity: string; story: StoryState | null }

/** One press: keeps how many came, how many were new and who they were, and makes the host's words a story that goes to be read, or straight on for a trusted host. Without words only the numbers are kept; taking the words away takes the story back. The same press twice is one. */
export async function reportActivity(
  db: Db,
  viewer: Viewer,
  input: HostReport,
  now: Date,
): Promise<Reported> {
  await countOrRefuse(db, { name: 'report', of: input.token, most: 60, minutes: 60 }, now)
  return inTransaction(db, (trx) =>
    onceOnly(trx, `report:${input.token.slice(0, 8)}`, input.formKey, async () => {
      const activity = await reportAttendance(
        trx,
        viewer,
        {
          token: input.token,
          revision: input.revision,
          came: input.came,
          newPeople: input.newPeople,
          audiences: input.audiences,
          sentence: Array.from(input.words ?? '')
            .slice(0, 1000)
            .join(''),
        },
        now,
      )
      return { activity: activity.id, story: await tellOf(trx, viewer, { activity, input }, now) }
    }),
  )
}

/** Reports, and opens the story to its teller: answers the word of a link to it, null without a story that can be added to. */
export async function reportAndOpen(
  db: Db,
  viewer: Viewer,
  input: HostReport,
  now: Date,
): Promise<Reported & { own: string | null; pictures: boolean }> {
  const reported = await reportActivity(db, viewer, input, now)
  const story = await db
    .selectFrom('stories')
    .select(['id', 'state'])
    .where('activity', '=', reported.activity)
    .where('fromReport', '=', true)
    .executeTakeFirst()
  const open = story && !['withdrawn', 'hidden', 'declined'].includes(story.state)
  return { ...reported, own: open ? await openStory(db, story.id, now) : null, pictures: input.pictures }
}

type Telling = { activity: ReportedActivity; input: HostReport }

async function tellOf(
  trx: Trx,
  viewer: Viewer,
  { activity, input }: Telling,
  now: Date,
): Promise<StoryState | null> {
  const before = await lockStory(trx, { activity: activity.id })
  if (before && before.revision !== input.storyRevision) throw new Refusal('conflict', 'refusal.stale')
  if (input.words === null) {
    if (before && !['withdrawn', 'hidden', 'declined'].includes(before.state)) {
      await changeStory(trx, viewer, { story: before, to: 'withdrawn', mover: 'teller' }, now)
    }
    return null
  }
  const words = wordsOf(activity, input, before)
  const story =
    before ??
    (await addStory(
      trx,
      {
        ...words,
        week: activity.week,
        activity: activity.id,
        fromReport: true,
        group: activity.group,
        account: viewer.account ?? activity.account,
        email: activity.email,
        language: activity.language,
        example: activity.example,
      },
      now,
    ))
  const difference = before ? differenceOf(before, words) : {}
  const unchanged = before !== null && Object.keys(difference).length === 0
  if (unchanged && !['withdrawn', 'draft', 'unverified'].includes(story.state)) return story.state
  const to = await afterSending(trx, story, { account: viewer.account, email: activity.email })
  await changeStory(trx, viewer, { story, to, mover: 'teller', words, difference }, now)
  return to
}

/** What the host wrote, with the activity's own title, kind and town where they wrote nothing. */
function wordsOf(activity: ReportedActivity, input: HostReport, before: LockedStory | null): StoryWords {
  return {
    title: input.title ?? activity.title,
    body: input.words ?? '',
    authorName: input.authorName ?? '',
    withName: input.withName ?? '',
    toldHow: before?.toldHow ?? 'writing',
    link: before?.link ?? null,
    linkTitle: before?.linkTitle ?? '',
    linkWords: before?.linkWords ?? '',
    kind: activity.kind,
    country: activity.country,
    town: activity.town,
    drawing: input.drawing ?? before?.drawing ?? drawingFor(activity.id),
  }
}
