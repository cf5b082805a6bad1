import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what this room keeps about the viewer: where they belong (without the name while nobody has said yes: asking tells nobody what is here), what they founded and wrote. People whom an organisation supports are not theirs, and not in it. For the download of own data. */
export async function ownOrganisationData(db: Db, viewer: Viewer) {
  const [member, founded, policies, forms, answers] = await Promise.all([
    db
      .selectFrom('members as m')
      .innerJoin('organisations as o', 'o.id', 'm.organisation')
      .select((on) => on.case().when('m.joined', 'is not', null).then(on.ref('o.name')).end().as('name'))
      .select(['m.vetted', 'm.asked', 'm.joined'])
      .where('m.account', '=', viewer.account)
      .orderBy('m.asked')
      .execute(),
    db
      .selectFrom('organisations')
      .select(['name', 'type', 'country', 'nation', 'town', 'safeguardingLead', 'state', 'reason', 'created'])
      .where('foundedBy', '=', viewer.account)
      .orderBy('created')
      .execute(),
    db
      .selectFrom('policies as p')
      .innerJoin('organisations as o', 'o.id', 'p.organisation')
      .select(['o.name', 'p.version', 'p.rules', 'p.created'])
      .where('p.byAccount', '=', viewer.account)
      .orderBy('p.created')
      .execute(),
    db
      .selectFrom('paperForms as f')
      .innerJoin('organisations as o', 'o.id', 'f.organisation')
      .select(['o.name', 'f.title', 'f.dated', 'f.created'])
      .where('f.enteredBy', '=', viewer.account)
      .orderBy('f.created')
      .execute(),
    db
      .selectFrom('paperAnswers as a')
      .innerJoin('paperForms as f', 'f.id', 'a.form')
      .select(['f.title', 'a.entered'])
      .where('a.enteredBy', '=', viewer.account)
      .orderBy('a.entered')
      .execute(),
  ])
  return { member, founded, policies, forms, answers }
}
