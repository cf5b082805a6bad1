import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { findPlaces } from '#platform/server/places.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { plainWords } from '#kernel/words.ts'
import { addStory, afterSending, drawingFor } from '#stories/server/writes/add.ts'
import { changeStory, newStoryLink, openStory } from '#stories/server/writes/change.ts'
import type { EditedStory, NewStory, StoryState, StoryWords } from '#stories/story.ts'
import { followLink } from '#stories/server/writes/follow.ts'
import { currentWeek } from '#weeks/server/reads.ts'

/** Days until a story that nobody confirmed is forgotten. */
export const unconfirmedDays = 7

export type Told = { story: string; state: StoryState }

/** Keeps a story that stands alone and mails the link that confirms it; somebody signed in with that very address need not confirm, and a trusted one's goes straight on. The same press twice is one. */
export async function tellStory(db: Db, viewer: Viewer, input: NewStory, now: Date): Promise<Told> {
  await countOrRefuse(db, { name: 'story', of: input.email, most: 10, minutes: 60 }, now)
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'story', input.formKey, async () => {
      const about = await aboutOf(trx, input, now)
      const place = await placedIn(trx, input)
      const known = viewer.email !== null && viewer.email === input.email
      const story = await addStory(
        trx,
        {
          ...wordsIn(input),
          drawing: input.drawing ?? drawingFor(input.title + input.body),
          fromReport: false,
          account: known ? viewer.account : null,
          email: input.email,
          language: 'en',
          ...about,
          ...place,
        },
        now,
      )
      await followLink(trx, story, now)
      if (known) {
        const draft = input.then === 'draft'
        const who = { account: viewer.account, email: input.email }
        const to = draft ? 'draft' : await afterSending(trx, story, who)
        await changeStory(trx, viewer, { story, to, mover: 'teller' }, now)
        return { story: story.id, state: to }
      }
      const link = await newStoryLink(trx, story.id, now)
      await queueMail(trx, {
        key: `story:${story.id}:confirm`,
        address: input.email,
        name: 'story-confirm',
        params: { title: input.title, link, stopLink: link, days: unconfirmedDays },
        urgency: 'answer',
        due: now,
      })
      return { story: story.id, state: 'unverified' }
    }),
  )
}

/** What a form says of a story in words, nothing where nothing was written. */
export const wordsIn = (
  input: Omit<NewStory | EditedStory, 'drawing'>,
): Omit<StoryWords, 'drawing' | 'kind' | 'town' | 'country'> => ({
  title: input.title,
  body: input.body,
  authorName: input.authorName ?? '',
  withName: input.withName ?? '',
  toldHow: input.toldHow,
  link: input.link,
  linkTitle: input.linkTitle ?? '',
  linkWords: input.linkWords ?? '',
})

/** Tells a story, and opens it to whoever is signed in with that very address: answers the word of a link to it. Everybody else gets it by mail, which proves the address. */
export async function tellAndOpen(
  db: Db,
  viewer: Viewer,
  input: NewStory,
  now: Date,
): Promise<Told & { own: string | null }> {
  const told = await tellStory(db, viewer, input, now)
  const own = told.state === 'unverified' ? null : await openStory(db, told.story, now)
  return { ...told, own }
}

type About = {
  week: number
  kind: string | null
  group: string | null
  activity: string | null
  example: boolean
}

/** Answers what a story tells of: the week of its activity or the current one, the kind and the group, which must exist. */
async function aboutOf(trx: Trx, input: NewStory, now: Date): Promise<About> {
  const activity =
    input.activity === null
      ? null
      : await trx
          .selectFrom('activities')
          .select(['id', 'week', 'kind', 'group', 'example'])
          .where('slug', '=', input.activity)
          .where('state', '=', 'published')
          .executeTakeFirst()
  if (activity === undefined) throw new Refusal('invalid', 'stories.new.no-activity', {}, 'activity')
  const week = activity ?? (await weekNow(trx, now))
  const kind = await kindIn(trx, week.week, input.kind)
  const group =
    input.group === null
      ? (activity?.group ?? null)
      : await trx
          .selectFrom('groups')
          .select('id')
          .where('slug', '=', input.group)
          .where('hidden', '=', false)
          .executeTakeFirst()
          .then((found) => found?.id)
  if (group === undefined) throw new Refusal('invalid', 'input.choose', {}, 'group')
  return {
    week: week.week,
    kind: kind ?? activity?.kind ?? null,
    group,
    activity: activity?.id ?? null,
    // What somebody tells is real, also while the week is an example.
    example: false,
  }
}

async function weekNow(trx: Trx, now: Date): Promise<{ week: number; example: boolean }> {
  const week = await currentWeek(trx, now)
  if (!week) throw new Refusal('conflict', 'stories.new.no-week')
  return { week: week.year, example: week.example }
}

/** Answers the kind when the week has it; refuses one it has not. */
export async function kindIn(trx: Trx, week: number, kind: string | null): Promise<string | null> {
  if (kind === null) return null
  const found = await trx
    .selectFrom('kinds')
    .select('code')
    .where('week', '=', week)
    .where('code', '=', kind)
    .executeTakeFirst()
  if (!found) throw new Refusal('invalid', 'input.choose', {}, 'kind')
  return kind
}

/** Answers the town and country, the country looked up when only a town was written. */
export async function placedIn(
  trx: Trx,
  input: Pick<StoryWords, 'town' | 'country'>,
): Promise<Pick<StoryWords, 'town' | 'country'>> {
  if (input.town === null || input.country !== null) return { town: input.town, country: input.country }
  const [place] = await findPlaces(trx, input.town)
  const same = place !== undefined && plainWords(place.name) === plainWords(input.town.split(',')[0] ?? '')
  return same ? { town: place.name, country: place.country } : { town: input.town, country: null }
}
