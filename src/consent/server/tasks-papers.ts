import { sql } from 'kysely'
import type { Id } from '#consent/events.ts'
import { endingByAge } from '#consent/server/reads/growing.ts'
import { sayDay } from '#kernel/times.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'

type Ahead = { from: Date; until: Date; days: number }

/** Tells who leads an organisation of the yeses for all its stories, as forms on paper give them, that run out within a stretch of time while something rests on them: one mail for each day on which some end. Nobody hears twice. */
export async function remindOfPapers(db: Db, { from, until, days }: Ahead, now: Date): Promise<void> {
  const grow = await endingByAge(db, { organisation: null, from, until })
  const byAge = new Map(grow.map(({ permission, ends }): [Id, Date] => [permission, ends]))
  const rows = await endingPapers(db, { from, until, older: [...byAge.keys()] })
  const told = rows.map((row) => ({ ...row, ends: byAge.get(row.id) ?? row.ends }))
  const day = (ends: Date): string => ends.toISOString().slice(0, 10)
  const mails = Map.groupBy(told, ({ organisation, email, ends }) => `${organisation}:${day(ends)}:${email}`)
  for (const [key, [first, ...more]] of mails) {
    if (first === undefined) continue
    const { email: address, language, slug, ends } = first
    const site = siteAddress(readConfig())
    await queueMail(db, {
      key: `consent-paper:${key}:${days}`,
      address,
      name: 'consent-paper',
      params: {
        until: sayDay(day(ends), language, true),
        count: new Set([first, ...more].map(({ person }) => person)).size,
        link: `${site}/desk/organisations/${slug}/shown`,
        stopLink: `${site}/me`,
      },
      language,
      urgency: 'notice',
      due: now,
      useless: ends,
    })
  }
}

/** Each with everybody who leads: in a family whoever founded it does. */
const endingPapers = (db: Db, { from, until, older }: { from: Date; until: Date; older: readonly Id[] }) =>
  db
    .selectFrom('permissions as p')
    .innerJoin('peopleShown as s', 's.id', 'p.person')
    .innerJoin('organisations as o', 'o.id', 's.organisation')
    .innerJoin('accounts as a', (on) =>
      on.on(sql<boolean>`a.erasing is null and (o.type = 'family' and a.id = o.founded_by or a.id in (
        select account from roles where role = 'organisation-lead' and organisation = o.id))`),
    )
    .select(['p.id', 'p.person', 'p.ends', 'o.id as organisation', 'o.slug', 'a.email', 'a.language'])
    .where('p.state', '=', 'given')
    .where('p.surface', 'is', null)
    .where('s.forgotten', 'is', null)
    .where('s.died', 'is', null)
    .where((on) =>
      on.or([
        sql<boolean>`p.id = any(${[...older]}::uuid[])`,
        // A newer form that says as much goes on where this one ends.
        sql<boolean>`p.ends > ${from} and p.ends <= ${until} and not exists (
          select from permissions newer where newer.person = p.person and newer.surface is null
          and newer.state = 'given' and newer.ends > p.ends and newer.route = p.route
          and newer.circle >= p.circle and newer.modes @> p.modes and newer.purposes @> p.purposes)`,
      ]),
    )
    .where(
      sql<boolean>`exists (select from placements t where t.state <> 'purged' and p.person = any(t.about))`,
    )
    .orderBy('p.ends')
    .limit(1000)
    .execute()
