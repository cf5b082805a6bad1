import type { Shown } from '#consent/permission.ts'
import { textIn, mailLanguage } from '#kernel/messages.ts'
import { theSite } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { isQueued, queueMail } from '#platform/server/mail.ts'
import { namesStanding } from '#stories/server/reads/written.ts'
import { newStoryLink } from '#stories/server/writes/change.ts'
import { noticeNamesOf } from '#stories/server/writes/follow.ts'

/** How many other stories are looked through in the press itself; where somebody is in more, the job does it. */
const atOnce = 20

/** Locks the other stories of those to whom names are given, and answers them: none when there are more than can be looked through at once. Waits for nobody: one that somebody else has in hand is left to the job. */
export async function lockOthersOf(trx: Trx, people: readonly Shown[], story: string): Promise<string[]> {
  const named = people.flatMap(({ who, names }) => (names.length > 0 ? [who] : []))
  const persons = named.flatMap((who) => ('person' in who ? [who.person] : []))
  const supported = named.flatMap((who) => ('supported' in who ? [who.supported] : []))
  if (persons.length + supported.length === 0) return []
  const others = await trx
    .selectFrom('appearances as a')
    .innerJoin('peopleShown as p', 'p.id', 'a.person')
    .select('a.surface')
    .distinct()
    .where('a.surface', '<>', story)
    .where((on) =>
      on.or([
        ...(persons.length > 0 ? [on('p.id', 'in', persons)] : []),
        ...(supported.length > 0 ? [on('p.supported', 'in', supported)] : []),
      ]),
    )
    .limit(atOnce + 1)
    .execute()
  if (others.length === 0 || others.length > atOnce) return []
  const rows = await trx
    .selectFrom('stories')
    .select('id')
    .where(
      'id',
      'in',
      others.map(({ surface }) => surface),
    )
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id }) => id)
}

/** Looks through a story again because somebody in it has a name that is known only now, or because it stands beside other words; when that hides what people could see, whoever tells it is told where the name stands, once a day. Idempotent. */
export const noticeAgain = (db: Db, input: { story: string }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const { story } = input
    const before = await stateOf(trx, story, 'live')
    await noticeNamesOf(trx, theSite, { story }, now)
    const hidden = await stateOf(trx, story, 'hidden')
    if (hidden.some((placement) => before.includes(placement))) await tellWhere(trx, story, now)
  })

async function stateOf(trx: Trx, story: string, state: 'live' | 'hidden'): Promise<string[]> {
  const rows = await trx
    .selectFrom('placements')
    .select('id')
    .where('surface', '=', story)
    .where('state', '=', state)
    .limit(300)
    .execute()
  return rows.map(({ id }) => id)
}

async function tellWhere(trx: Trx, id: string, now: Date): Promise<void> {
  const story = await trx
    .selectFrom('stories')
    .select(['id', 'title', 'email', 'language'])
    .where('id', '=', id)
    .where('state', '=', 'published')
    .where('example', '=', false)
    .where('held', 'is', null)
    .where('setAside', 'is', null)
    .executeTakeFirst()
  const key = `name-stands:${id}:${now.toISOString().slice(0, 10)}`
  if (!story || story.email === null || (await isQueued(trx, key))) return
  const language = mailLanguage(story.language)
  const text = textIn(language)
  const places = (await namesStanding(trx, id)).flatMap(({ where }) => where)
  const where = places.map(({ place, number }) =>
    text(`pictures.name-place.${place}`, { number: number ?? 0 }),
  )
  const link = await newStoryLink(trx, id, now)
  await queueMail(trx, {
    key,
    address: story.email,
    name: 'name-stands',
    params: {
      title: story.title,
      where: [...new Set(where)].map((one) => `– ${one}`).join('\n'),
      link: `${link}/pictures`,
      stopLink: link,
    },
    language,
    urgency: 'notice',
    due: now,
  })
}
