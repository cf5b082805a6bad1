import type { MessageKey } from '#kernel/messages.ts'
import type { Nation } from '#kernel/permission-words.ts'
import { Refusal } from '#kernel/refusal.ts'
import { dayOf, type Day } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayKeepPeople } from '#organisations/may.ts'
import type { Touched } from '#organisations/organisation.ts'
import type { AnswersInput, TappedAnswer } from '#organisations/paper-form.ts'
import { routeOf, type PaperRoute } from '#organisations/paper.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { lockForm } from '#organisations/server/writes/paper.ts'
import { bandOn, wasUnder16 } from '#organisations/supported.ts'
import { writeDown } from '#platform/server/audit.ts'
import type { Trx } from '#platform/server/db.ts'

/** Keeps what a form on paper says about each person; one that was taken back is gone. Refuses a yes by somebody who cannot decide for that person, and answers that were changed meanwhile. What it touched must be looked at again in the same transaction: the caller does that. */
export async function savePaperAnswers(
  trx: Trx,
  viewer: Viewer,
  input: AnswersInput,
  now: Date,
): Promise<Touched> {
  const { id, slug, nation } = await lockOrganisation(trx, viewer, input.slug, mayKeepPeople)
  const form = await lockForm(trx, id, input.form)
  if (String(form.revision) !== input.revision) throw new Refusal('conflict', 'refusal.stale')
  if (form.ended !== null) throw new Refusal('conflict', 'organisations.paper.ended')
  const changed = await changedAnswers(
    trx,
    { organisation: id, nation, form: form.id, dated: form.dated },
    input.answers,
    now,
  )
  const [kept, gone] = [changed.filter((one) => one.answer !== null), changed.filter((one) => !one.answer)]
  if (gone.length > 0)
    await trx
      .deleteFrom('paperAnswers')
      .where('form', '=', form.id)
      .where(
        'supported',
        'in',
        gone.map((one) => one.supported),
      )
      .execute()
  for (const { answer, ...row } of kept)
    await trx
      .insertInto('paperAnswers')
      .values({ ...row, answer: answer ?? 'no', form: form.id, enteredBy: viewer.account, entered: now })
      .onConflict((conflict) =>
        conflict.columns(['form', 'supported']).doUpdateSet((on) => ({
          answer: on.ref('excluded.answer'),
          route: on.ref('excluded.route'),
          byWhom: on.ref('excluded.byWhom'),
          signed: on.ref('excluded.signed'),
          ends: on.ref('excluded.ends'),
          enteredBy: on.ref('excluded.enteredBy'),
          entered: on.ref('excluded.entered'),
        })),
      )
      .execute()
  if (changed.length > 0) {
    await trx
      .updateTable('paperForms')
      .set({ revision: form.revision + 1 })
      .where('id', '=', form.id)
      .execute()
    await writeDown(trx, viewer, {
      action: 'organisation.paper-answers',
      subject: `organisations:${id}`,
      details: { form: form.id, count: changed.length },
    })
  }
  return { organisation: id, slug, people: changed.map((one) => one.supported) }
}

type Answered = TappedAnswer & { route: PaperRoute | null }

/** Answers only what differs from what is kept, each with its way of deciding. People of other organisations are not there. */
async function changedAnswers(
  trx: Trx,
  of: { organisation: string; nation: Nation | null; form: string; dated: Day },
  tapped: readonly TappedAnswer[],
  now: Date,
): Promise<Answered[]> {
  const today = dayOf(now, 'UTC')
  const people = await trx
    .selectFrom('supportedPeople as s')
    .leftJoin('paperAnswers as a', (on) => on.onRef('a.supported', '=', 's.id').on('a.form', '=', of.form))
    .select(['s.id', 's.label', 's.ageBand', 's.nextChange'])
    .select(['a.answer', 'a.byWhom', 'a.signed', 'a.ends'])
    .where('s.organisation', '=', of.organisation)
    .where('s.parted', 'is', null)
    .execute()
  const known = new Map(people.map((person) => [person.id, person]))
  return tapped.flatMap((one): Answered[] => {
    const person = known.get(one.supported)
    if (!person) return []
    if (one.answer === null) return person.answer === null ? [] : [{ ...one, route: null }]
    const same =
      person.answer === one.answer &&
      person.byWhom === one.byWhom &&
      person.signed === one.signed &&
      person.ends === one.ends
    if (same) return []
    if (one.signed > today)
      throw new Refusal('invalid', 'organisations.paper.not-yet', {}, `signed-${one.supported}`)
    // A no is taken as it comes.
    if (one.answer === 'yes' && one.signed < of.dated)
      throw new Refusal('invalid', 'organisations.paper.signed-before', {}, `signed-${one.supported}`)
    const age = bandOn({ ageBand: person.ageBand, nextChange: person.nextChange }, today)
    const route = routeOf(one.byWhom, age.ageBand, of.nation)
    if (one.answer === 'yes' && route === null)
      throw new Refusal('invalid', whyNot(one, age), { label: person.label }, `byWhom-${one.supported}`)
    return [{ ...one, route }]
  })
}

/** Why nobody can say yes like that: of whoever has grown since a parent signed, the signer was right then. */
function whyNot({ byWhom, signed }: TappedAnswer, age: ReturnType<typeof bandOn>): MessageKey {
  if (age.ageBand === 'adult') return 'organisations.paper.cannot-adult'
  const parental = byWhom === 'parent' || byWhom === 'all-parents' || byWhom === 'council'
  return parental && wasUnder16(age, signed)
    ? 'organisations.paper.cannot-grown'
    : 'organisations.paper.cannot'
}
