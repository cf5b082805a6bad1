import { isMaker, type Makers, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/** Answers everybody who tells some stories (at most 500), by story: whoever sent it, by account or by link, who changed it with its link while they were signed in, and of a host's report everybody who hosts. */
async function tellersOfAll(db: Db, stories: readonly string[]): Promise<Map<string, Makers>> {
  const ids = [nobody, ...stories.slice(0, 500)]
  const [sent, changes, hosts] = await Promise.all([
    db.selectFrom('stories').select(['id', 'account', 'email']).where('id', 'in', ids).execute(),
    db
      .selectFrom('storyChanges')
      .select(['story as id', 'account'])
      .distinct()
      .where('story', 'in', ids)
      .where('byTeller', '=', true)
      .execute(),
    db
      .selectFrom('stories as s')
      .innerJoin('hosts as h', 'h.activity', 's.activity')
      .select(['s.id', 'h.email'])
      .where('s.id', 'in', ids)
      .where('s.fromReport', '=', true)
      .execute(),
  ])
  const of = <Row extends { id: string }>(rows: readonly Row[], id: string): Row[] =>
    rows.filter((row) => row.id === id)
  return new Map(
    sent.map(({ id }) => [
      id,
      {
        accounts: [...of(sent, id), ...of(changes, id)].map(({ account }) => account),
        emails: [...of(sent, id), ...of(hosts, id)].map(({ email }) => email),
      },
    ]),
  )
}

/** Answers everybody who tells a story: whoever sent it, by account or by link, who changed it with its link while they were signed in, and of a host's report everybody who hosts. */
export const tellersOf = async (db: Db, story: string): Promise<Makers> =>
  (await tellersOfAll(db, [story])).get(story) ?? { accounts: [], emails: [] }

/** Answers which of some stories (at most 500) the viewer tells. */
export async function toldBy(db: Db, viewer: Viewer, stories: readonly string[]): Promise<Set<string>> {
  const all = await tellersOfAll(db, stories)
  return new Set([...all].flatMap(([story, tellers]) => (isMaker(viewer, tellers) ? [story] : [])))
}
