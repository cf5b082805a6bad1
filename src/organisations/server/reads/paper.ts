import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayReadPeople } from '#organisations/may.ts'
import type { PaperAnswer, PaperForm, PaperRoute } from '#organisations/paper.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import type { Db } from '#platform/server/db.ts'

/** A form with how many people it says yes and no for. */
export type CountedForm = PaperForm & { yes: number; no: number }

/** The most forms of one organisation. */
export const mostForms = 100

const forms = (db: Db, organisation: string) =>
  db
    .selectFrom('paperForms as f')
    .select(['f.id', 'f.title', 'f.says', 'f.dated', 'f.circle', 'f.purposes', 'f.modes'])
    .select(['f.namesThisSite', 'f.namesSocialMedia', 'f.ended', 'f.created', 'f.revision'])
    .select((on) =>
      (['yes', 'no'] as const).map((answer) =>
        on
          .selectFrom('paperAnswers as a')
          .innerJoin('supportedPeople as s', 's.id', 'a.supported')
          .select((count) => count.fn.countAll<number>().as('count'))
          .whereRef('a.form', '=', 'f.id')
          .where('a.answer', '=', answer)
          .where('s.parted', 'is', null)
          .as(answer),
      ),
    )
    .where('f.organisation', '=', organisation)

type Row = Awaited<ReturnType<ReturnType<typeof forms>['executeTakeFirstOrThrow']>>
const counted = (row: Row): CountedForm => ({
  ...row,
  circle: row.circle,
  purposes: row.purposes,
  modes: row.modes,
  yes: row.yes ?? 0,
  no: row.no ?? 0,
})

/** Answers the forms on paper that an organisation has entered: those in use first, newest first. */
export async function paperFormsOf(db: Db, viewer: Viewer, organisation: string): Promise<CountedForm[]> {
  if (!mayReadPeople(viewer, await standingOf(db, viewer, organisation))) throw missing()
  const rows = await forms(db, organisation)
    .orderBy((on) => on('f.ended', 'is not', null))
    .orderBy('f.dated', 'desc')
    .orderBy('f.id')
    .limit(mostForms)
    .execute()
  return rows.map(counted)
}

/** Answers one form on paper of an organisation, with what it says about each person; refuses as missing when it is not there or not for this viewer. */
export async function paperFormOf(
  db: Db,
  viewer: Viewer,
  of: { organisation: string; form: string },
): Promise<CountedForm & { answers: PaperAnswer[] }> {
  if (!mayReadPeople(viewer, await standingOf(db, viewer, of.organisation))) throw missing()
  if (!/^[0-9a-f-]{36}$/.test(of.form)) throw missing()
  const row = await forms(db, of.organisation).where('f.id', '=', of.form).executeTakeFirst()
  if (!row) throw missing()
  const answers = await db
    .selectFrom('paperAnswers')
    .select(['supported', 'answer', 'route', 'byWhom', 'signed', 'ends'])
    .where('form', '=', of.form)
    .execute()
  return {
    ...counted(row),
    answers: answers.map((one) => ({
      ...one,
      answer: one.answer,
      route: one.route as PaperRoute,
      byWhom: one.byWhom,
    })),
  }
}
