import { sql, type Expression } from 'kysely'
import type { Hand } from '#consent/events.ts'
import type { NameStands } from '#consent/names.ts'
import { posterHand, standingIn } from '#consent/server/hands.ts'
import { saidOn, type SaidIn } from '#consent/server/reads/people.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import type { Standing } from '#consent/standing.ts'
import { isReady, type Upload, type Version } from '#media/picture.ts'
import { uploadPass } from '#media/server/pass.ts'
import { uploadsOn } from '#media/server/reads.ts'
import { day } from '#kernel/limits.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { shownNow } from '#stories/server/reads/shown.ts'
import { picturesThere } from '#stories/server/reads/there.ts'
import { namesStanding } from '#stories/server/reads/written.ts'
import type { StoryState } from '#stories/story.ts'

/** A story whose mailed link somebody holds: what its pictures lie on, and whose hand it is. */
export type Held = {
  id: string
  slug: string
  title: string
  state: StoryState
  example: boolean
  /** When its activity is over; null when it tells of none. */
  ends: Date | null
  /** Who answers for its pictures: whoever does already, else the one organisation of its teller, else of whoever looks; of several they are asked. */
  organisation: string | null
  /** Those of its pictures for which nobody answers. */
  unanswered: string[]
  /** Whether whoever looks is signed in and belongs to it: only they are told whom it supports. */
  member: boolean
  /** Whether an organisation answers for it already. */
  answered: boolean
  hand: string
}

/** Answers the hand of whoever tells a story, whichever of the mailed links they hold: their account, also when they tell it without signing in, so that nobody is the second person for what they sent. */
export const handOf = (db: Db, story: { account: string | null; email: string | null }): Promise<Hand> =>
  posterHand(db, { ...anybody, account: story.account }, story.email)

/** The organisations that count and that an account belongs to. */
const belongs = (account: Expression<string | null>) =>
  sql<string[]>`array(select o.id from members m join organisations o on o.id = m.organisation
    where m.account = ${account} and m.joined is not null and o.state = 'agreed' and not o.hidden limit 2)`

const onlyOne = (all: readonly string[]): string | null => (all.length === 1 ? (all[0] ?? null) : null)

/** Answers the story that a mailed link opens, as what its pictures lie on; a forged or expired link finds nothing, and nothing of what somebody's worry keeps is told or done, also to whoever tells it. */
export async function heldStory(db: Db, viewer: Viewer, token: string, now: Date): Promise<Held> {
  const row = await db
    .selectFrom('storyLinks as link')
    .innerJoin('stories as s', 's.id', 'link.story')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .select(['s.id', 's.slug', 's.title', 's.state', 's.example', 's.account', 's.email'])
    .select('s.held')
    .select('a.lastEnd as ends')
    .select((on) => [belongs(on.ref('s.account')).as('teller'), belongs(on.val(viewer.account)).as('looks')])
    .select(
      sql<string | null>`(select p.organisation from placements p where p.surface = s.id
        and p.organisation is not null and p.state <> 'purged' limit 1)`.as('answers'),
    )
    .select(
      sql<string[]>`array(select p.version from placements p where p.surface = s.id
        and p.organisation is null and p.version is not null and p.state <> 'purged')`.as('unanswered'),
    )
    .where('link.token', '=', hashToken(token))
    .where('link.expires', '>', now)
    .executeTakeFirst()
  if (!row) throw missing()
  const { account, email, answers, teller, looks, held, ...told } = row
  if (held !== null) throw new Refusal('conflict', 'refusal.held')
  const story = { ...told, organisation: answers ?? onlyOne(teller.length > 0 ? teller : looks) }
  const [{ member }, hand] = await Promise.all([
    standingIn(db, viewer, story.organisation),
    handOf(db, { account: viewer.account ?? account, email }),
  ])
  return { ...story, member, answered: answers !== null, hand }
}

/** What did not arrive whole can go on; what was refused is told of for a day. What arrived is among the pictures. */
const isTold = ({ state, created }: Upload, now: Date): boolean =>
  state === 'receiving' ||
  state === 'received' ||
  (state === 'refused' && created.getTime() > now.getTime() - day)

export type OwnPictures = {
  story: Held
  pass: string
  pictures: Version[]
  uploads: Upload[]
  standing: Standing
  /** Who was said to be in each. */
  said: SaidIn[]
  /** Whether anybody can read the story at this moment. */
  shown: boolean
  /** Whose names stand with it, and where. */
  names: NameStands[]
}

/** Answers the pictures of a story as whoever tells it sees them: each with how far it is, why one was refused, and what is still missing before it may be shown. */
export async function ownPictures(db: Db, viewer: Viewer, token: string, now: Date): Promise<OwnPictures> {
  const story = await heldStory(db, viewer, token, now)
  const pass = uploadPass(story.id, viewer.account, story.organisation, now)
  const [pictures, uploads, standing, said, shown, names] = await Promise.all([
    picturesThere(db, story.id),
    uploadsOn(db, viewer, { surface: story.id, pass }, now),
    standingOf(db, story.id, now),
    saidOn(db, story.id),
    shownNow(db, [story.id], now),
    namesStanding(db, story.id),
  ])
  return {
    story,
    pass,
    pictures,
    names,
    uploads: uploads.filter((one) => isTold(one, now)),
    standing,
    said,
    shown: shown.has(story.id),
  }
}

/** What became of pictures that have just arrived: whether one is still being made, whether one was refused, and the first of which nobody has said who is in it. */
export type Arrival = { making: boolean; refused: boolean; unsaid: string | null }

/** Answers how far the pictures of a story are, for whoever has just sent some. */
export async function afterArrival(db: Db, viewer: Viewer, token: string, now: Date): Promise<Arrival> {
  const { pictures, uploads, said } = await ownPictures(db, viewer, token, now)
  const saidOf = new Map(said.map((one) => [one.version, one.said]))
  return {
    making: pictures.some((picture) => !isReady(picture)),
    refused: uploads.some(({ state }) => state === 'refused'),
    unsaid: pictures.find(({ id }) => saidOf.get(id) === false)?.id ?? null,
  }
}
