import { day } from '#kernel/limits.ts'
import { readConfig } from '#platform/server/config.ts'
import { queueMail } from '#platform/server/mail.ts'
import type { Task } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** After how many days without an answer, or after a "not now", whoever handed over the link is reminded. */
export const stewardDays = 90

/** Reminds whoever handed a link to a family, once for a person and never the family itself, that nothing was decided; that nothing is decided is an answer too. Nobody hears twice. */
export const remindOfStewards: Task = async (db, _payload, now) => {
  const due = new Date(now.getTime() - stewardDays * day)
  const rows = await db
    .selectFrom('stewards as s')
    .innerJoin('peopleShown as p', 'p.id', 's.person')
    .innerJoin('accounts as a', 'a.id', 's.namedBy')
    .select(['s.person', 'a.email', 'a.language'])
    .where('p.forgotten', 'is', null)
    .where('a.erasing', 'is', null)
    .where((on) => on.or([on('s.answer', 'is', null), on('s.answer', '=', 'not-now')]))
    .where((on) => {
      const last = on.fn.coalesce('s.answered', 's.created')
      return on.and([on(last, '<=', due), on(last, '>', new Date(due.getTime() - 2 * day))])
    })
    .where('p.died', 'is not', null)
    .where('p.keptDown', 'is', null)
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('stewards as other')
            .select('other.id')
            .whereRef('other.person', '=', 's.person')
            .where('other.answer', '=', 'as-allowed'),
        ),
      ),
    )
    .orderBy('s.created')
    .limit(500)
    .execute()
  for (const { person, email: address, language } of rows) {
    const site = siteAddress(readConfig())
    await queueMail(db, {
      key: `consent-steward:${person}`,
      address,
      name: 'consent-steward',
      params: { link: `${site}/desk/pictures/family/${person}`, stopLink: `${site}/me` },
      language,
      urgency: 'notice',
      due: now,
      useless: new Date(now.getTime() + 30 * day),
    })
  }
}
