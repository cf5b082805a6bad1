import { missing, Refusal } from '#kernel/refusal.ts'
import { dayOf, type Day } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayKeepPeople } from '#organisations/may.ts'
import type { Touched } from '#organisations/organisation.ts'
import type { PaperFormInput } from '#organisations/paper-form.ts'
import { mostForms } from '#organisations/server/reads/paper.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

/** A form with what a change has to know of it. */
export type LockedForm = { id: string; dated: Day; ended: Date | null; revision: number; answers: number }

/** Locks a form of an organisation; refuses as missing when it is not there. */
export async function lockForm(trx: Trx, organisation: string, id: string): Promise<LockedForm> {
  const row = /^[0-9a-f-]{36}$/.test(id)
    ? await trx
        .selectFrom('paperForms')
        .select(['id', 'dated', 'ended', 'revision'])
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
    : undefined
  if (!row) throw missing()
  const { answers } = await trx
    .selectFrom('paperAnswers')
    .select((on) => on.fn.countAll<number>().as('answers'))
    .where('form', '=', id)
    .executeTakeFirstOrThrow()
  return { ...row, answers }
}

/** Enters a form on paper, or puts one right that has no answers yet: with answers, other words would be other words than were signed. Pressing twice does it once. Answers where it lies. */
export const savePaperForm = (
  db: Db,
  viewer: Viewer,
  input: PaperFormInput,
  now: Date,
): Promise<{ slug: string; form: string }> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `organisations.paper ${viewer.account}`, input.formKey, async () => {
      const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayKeepPeople)
      if (input.dated > dayOf(now, 'UTC'))
        throw new Refusal('invalid', 'organisations.paper.not-yet', {}, 'dated')
      const form = input.form
        ? await putRight(trx, id, input.form, input)
        : await enter(trx, id, { ...input, enteredBy: viewer.account }, now)
      await writeDown(trx, viewer, {
        action: input.form ? 'organisation.paper-form-changed' : 'organisation.paper-form-entered',
        subject: `organisations:${id}`,
        details: { form },
      })
      return { slug, form }
    }),
  )

const values = (input: PaperFormInput) => ({
  title: input.title,
  says: input.says,
  dated: input.dated,
  circle: input.circle,
  purposes: input.purposes,
  modes: input.modes,
  namesThisSite: input.namesThisSite,
  namesSocialMedia: input.namesSocialMedia,
})

type Entered = PaperFormInput & { enteredBy: string | null }

async function enter(trx: Trx, organisation: string, input: Entered, now: Date): Promise<string> {
  const { count } = await trx
    .selectFrom('paperForms')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow()
  if (count >= mostForms) throw new Refusal('conflict', 'organisations.paper.full', { most: mostForms })
  const { id } = await trx
    .insertInto('paperForms')
    .values({ organisation, created: now, enteredBy: input.enteredBy, ...values(input) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function putRight(trx: Trx, organisation: string, id: string, input: PaperFormInput): Promise<string> {
  const form = await lockForm(trx, organisation, id)
  if (String(form.revision) !== input.revision) throw new Refusal('conflict', 'refusal.stale')
  if (form.answers > 0 || form.ended !== null)
    throw new Refusal('conflict', 'organisations.paper.has-answers')
  await trx
    .updateTable('paperForms')
    .set({ ...values(input), revision: form.revision + 1 })
    .where('id', '=', id)
    .execute()
  return id
}

/** Ends the use of a form: from now on its yes counts for nothing, its no stays a no. Idempotent. */
export async function endPaperForm(
  trx: Trx,
  viewer: Viewer,
  input: { slug: string; form: string },
  now: Date,
): Promise<Touched> {
  const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayKeepPeople)
  const form = await lockForm(trx, id, input.form)
  if (form.ended === null) {
    await trx
      .updateTable('paperForms')
      .set({ ended: now, revision: form.revision + 1 })
      .where('id', '=', form.id)
      .execute()
    await writeDown(trx, viewer, {
      action: 'organisation.paper-form-ended',
      subject: `organisations:${id}`,
      details: { form: form.id },
    })
  }
  const people = await trx
    .selectFrom('paperAnswers')
    .select('supported')
    .where('form', '=', form.id)
    .execute()
  return { organisation: id, slug, people: people.map((row) => row.supported) }
}
