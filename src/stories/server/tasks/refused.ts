import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Trx } from '#platform/server/db.ts'
import { isQueued, queueMail } from '#platform/server/mail.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { isHiddenByNo } from '#stories/server/reads/refused.ts'
import { newStoryLink } from '#stories/server/writes/change.ts'

/** Tells whoever tells a story, and who leads the organisation that answers for its pictures, that a no has hidden some of it: not who said it, nor in which picture, and once a day for each story. Nothing when it is shown again by then, held, or an example. Runs twice without harm. */
export const tellOfNo: Task = (db, payload, now) =>
  inTransaction(db, async (trx) => {
    const surface = idIn(payload, 'surface')
    const story = await trx
      .selectFrom('stories as s')
      .select(['s.id', 's.title', 's.email', 's.language', 's.account'])
      .where('s.id', '=', surface)
      .where('s.state', '=', 'published')
      .where('s.example', '=', false)
      .where('s.held', 'is', null)
      .where('s.setAside', 'is', null)
      .executeTakeFirst()
    if (!story || !(await isHiddenByNo(trx, surface))) return
    const at = now.toISOString().slice(0, 10)
    const common = { params: { title: story.title }, urgency: 'notice' as const, due: now }
    const key = `picture-refused:${story.id}:${at}`
    if (story.email !== null && !(await isQueued(trx, key))) {
      const link = await newStoryLink(trx, story.id, now)
      await queueMail(trx, {
        ...common,
        key,
        address: story.email,
        name: 'picture-refused',
        params: { ...common.params, link: `${link}/pictures`, stopLink: link },
        language: story.language,
      })
    }
    const site = siteAddress(readConfig())
    for (const lead of await leadsOf(trx, story)) {
      await queueMail(trx, {
        ...common,
        key: `${key}:${lead.email}`,
        address: lead.email,
        name: 'picture-refused-lead',
        params: {
          ...common.params,
          link: `${site}/desk/organisations/${lead.slug}/shown`,
          stopLink: `${site}/me`,
        },
        language: lead.language,
      })
    }
  })

/** Who leads the organisation that answers for what lies on a story, but who tells it, and who wrote that no down. */
const leadsOf = (
  trx: Trx,
  { id, account, email }: { id: string; account: string | null; email: string | null },
) =>
  trx
    .selectFrom('roles as r')
    .innerJoin('accounts as a', 'a.id', 'r.account')
    .innerJoin('organisations as o', 'o.id', 'r.organisation')
    .select(['a.email', 'a.language', 'o.slug'])
    .distinct()
    .where('r.role', '=', 'organisation-lead')
    .where('a.erasing', 'is', null)
    .where('a.id', 'is distinct from', account)
    .where('a.email', 'is distinct from', email)
    .where('o.id', 'in', (of) =>
      of
        .selectFrom('placements')
        .select('organisation')
        .where('surface', '=', id)
        .where('state', '=', 'hidden')
        .$narrowType<{ organisation: string }>(),
    )
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('objections as n')
            .select('n.id')
            .whereRef('n.byAccount', '=', 'a.id')
            .where('n.ended', 'is', null)
            .where((of) =>
              of.or([
                of('n.surface', '=', id),
                of.exists(
                  of
                    .selectFrom('appearances as w')
                    .select('w.id')
                    .where('w.surface', '=', id)
                    .whereRef('w.person', '=', 'n.person'),
                ),
              ]),
            ),
        ),
      ),
    )
    .orderBy('a.email')
    .limit(20)
    .execute()
