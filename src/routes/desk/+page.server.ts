import { redirect } from '@sveltejs/kit'
import { dutyRoster } from '#accounts/server/reads/people.ts'
import { bulkInput as activityBulk, decideActivities } from '#activities/server/writes/review.ts'
import { decideReplies, repliesBulk } from '#comments/server/writes/review.ts'
import { permissionClosed } from '#consent/server/reads/ledger.ts'
import { checkedBy } from '#consent/server/reads/queue.ts'
import { mayAnswerConcerns, mayEnterDesk, mayReadRecords } from '#desk/may.ts'
import { queueOf, type Queue } from '#desk/server/reads.ts'
import { mayComeBack } from '#desk/server/pictures.ts'
import { undeliveredCount } from '#desk/server/records.ts'
import { keptMailCount } from '#letters/server/reads/desk.ts'
import { leaveAloneCount } from '#letters/server/reads/leave-alone.ts'
import { day } from '#kernel/limits.ts'
import type { Chosen, Decided } from '#kernel/many.ts'
import { textIn } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import { withoutWhy } from '#organisations/server/reads/policies.ts'
import { bulkInput as storyBulk, decideStories } from '#stories/server/writes/review.ts'
import { act } from '../act.ts'
import { sayAge } from './age.ts'
import { waitingLines } from './pictures/lines.ts'
import { replyLines } from './replies/lines.ts'
import type { Actions, PageServerLoad } from './$types'

/** How many photographs that wait stand on the first page of the desk. */
const shownPictures = 20
/** The page of the directory has all of them. */
const shownCorrections = 20

const namesOf = (people: readonly { name: string; email: string }[] = []): string[] =>
  people.map(({ name, email }) => name || email)

const correctionLines = ({ corrections }: Queue, { now, language }: App.Locals) =>
  corrections.slice(0, shownCorrections).map(({ id, office, created }) => ({
    id,
    office,
    age: sayAge(created, now, textIn(language)),
    old: now.getTime() - created.getTime() > day,
  }))

const concernLines = ({ concerns }: Queue, { now, language }: App.Locals) =>
  concerns.map((one) => ({
    ...one,
    age: sayAge(one.created, now, textIn(language)),
    old: now.getTime() - one.created.getTime() > day,
  }))

export const load: PageServerLoad = async ({ locals }) => {
  const { db, viewer, now, language } = locals
  // Whoever only looks at photographs has nothing else here.
  if (!mayEnterDesk(viewer) && (await checkedBy(db, viewer)).length > 0) redirect(303, '/desk/pictures')
  const text = textIn(language)
  const queue = await queueOf(db, viewer, now)
  // What has no line is not counted either; the page of photographs has all of them.
  const pictures = await waitingLines(locals, queue.pictures)
  const [today] = await dutyRoster(db, viewer, now, 1)
  const old = (since: Date): boolean => now.getTime() - since.getTime() > day
  const where = (town: string | null, country: string | null): string =>
    [town, country && sayCountry(country, language)].filter(Boolean).join(', ')
  return {
    records: mayReadRecords(viewer),
    reviews: mayAnswerConcerns(viewer),
    closed: await permissionClosed(db),
    undelivered: await undeliveredCount(db, viewer),
    keptMails: await keptMailCount(db, viewer),
    leaveAlone: await leaveAloneCount(db, viewer),
    withoutWhy: (await withoutWhy(db, viewer)).size,
    duty: namesOf(today?.duty),
    backup: namesOf(today?.backup),
    pictures: pictures.slice(0, shownPictures),
    replies: await replyLines(locals, queue.replies),
    mayComeBack: (await mayComeBack(db, viewer)).length,
    morePictures: Math.max(0, pictures.length - shownPictures),
    concerns: concernLines(queue, locals),
    corrections: correctionLines(queue, locals),
    organisations: queue.organisations.map((one) => ({
      slug: one.slug,
      name: one.name,
      type: one.type,
      example: one.example,
      age: sayAge(one.created, now, text),
      old: old(one.created),
    })),
    activities: queue.activities.map((one) => ({
      chosen: `${one.id}:${one.revision}`,
      id: one.id,
      title: one.title,
      where: where(one.town, one.country),
      host: one.hostName,
      edits: one.edits,
      example: one.example,
      age: sayAge(one.since, now, text),
      old: old(one.since),
    })),
    stories: queue.stories.map((one) => ({
      chosen: `${one.id}:${one.revision}`,
      id: one.id,
      title: one.title,
      where: where(null, one.country),
      host: one.authorName,
      edits: one.edits,
      example: one.example,
      age: sayAge(one.since, now, text),
      old: old(one.since),
    })),
  }
}

const outcome = ({ done, refused }: Decided<Chosen>) => ({ done, refused: refused.length })

export const actions: Actions = {
  activities: act(activityBulk, decideActivities, outcome),
  stories: act(storyBulk, decideStories, outcome),
  replies: act(repliesBulk, decideReplies, outcome),
}
