import { sql } from 'kysely'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** To whom each letter went and how it fared, with what came back and what was promised. */
const sentTo = sql<unknown[]>`(
  select coalesce(json_agg(json_build_object(
    'office', d.office, 'address', d.address, 'email', d.email, 'channel', d.channel, 'state', d.state,
    'changed', d.changed,
    'replies', (select coalesce(json_agg(json_build_object(
        'received', r.received, 'via', r.via, 'kind', r.kind, 'answered', r.answered, 'words', r.words,
        'thanked', r.thanked) order by r.created), '[]'::json)
      from letter_replies r where r.delivery = d.id),
    'promises', (select coalesce(json_agg(json_build_object('words', p.words, 'state', p.state) order by p.created),
        '[]'::json)
      from promises p where p.delivery = d.id)
  ) order by d.created, d.id), '[]'::json)
  from deliveries d where d.letter = letters.id)`

/** Answers what is kept of the viewer's letters, of the joint letters they signed and of what they said is wrong in the directory (the newest 1,000 of each), for the download of own data. */
export async function ownLetterData(db: Db, viewer: Viewer) {
  const [letters, signatures, corrections] = await Promise.all([
    db
      .selectFrom('letters')
      .select(['week', 'ask', 'writer', 'title', 'words', 'sender', 'created', 'released', 'erase'])
      .select(sentTo.as('sentTo'))
      .where('email', '=', viewer.email)
      .orderBy('created', 'desc')
      .limit(1000)
      .execute(),
    db
      .selectFrom('signatures')
      .innerJoin('letters', 'letters.id', 'signatures.letter')
      .select(['letters.title as letter', 'letters.week', 'shown', 'signatures.tell', 'signatures.confirmed'])
      .select(['signatures.created', 'letters.erase'])
      .where('signatures.email', '=', viewer.email)
      .orderBy('signatures.created', 'desc')
      .limit(1000)
      .execute(),
    db
      .selectFrom('directoryCorrections')
      .select(['words', 'evidence', 'state', 'created'])
      .where('email', '=', viewer.email)
      .orderBy('created', 'desc')
      .limit(1000)
      .execute(),
  ])
  return { letters, signatures, corrections }
}
