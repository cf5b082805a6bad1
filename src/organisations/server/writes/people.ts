import { missing, Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayKeepPeople } from '#organisations/may.ts'
import type { Touched } from '#organisations/organisation.ts'
import type { PeopleInput, PersonInput } from '#organisations/people-form.ts'
import { mostPeople } from '#organisations/server/reads/people.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { changeFits } from '#organisations/supported.ts'
import { writeDown } from '#platform/server/audit.ts'
import type { Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

/** Enters people whom an organisation supports, or changes one of them; refuses a label that is taken here. Pressing twice does it once. */
export const savePeople = (trx: Trx, viewer: Viewer, input: PeopleInput, now: Date): Promise<Touched> =>
  onceOnly(trx, `organisations.people ${viewer.account}`, input.formKey, async () => {
    const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayKeepPeople)
    for (const person of input.people)
      if (!changeFits(person, dayOf(now, 'UTC')))
        throw new Refusal('invalid', 'organisations.people.month-wrong', {}, `year-${person.row}`)
    await refuseTaken(trx, id, input)
    const people = input.person === '' ? await enter(trx, id, input, now) : [await change(trx, id, input)]
    await writeDown(trx, viewer, {
      action: input.person === '' ? 'organisation.people-entered' : 'organisation.person-changed',
      subject: `organisations:${id}`,
      details: { count: people.length },
    })
    return { organisation: id, slug, people }
  })

async function refuseTaken(trx: Trx, organisation: string, input: PeopleInput): Promise<void> {
  const there = await trx
    .selectFrom('supportedPeople')
    .select(['id', 'label'])
    .where('organisation', '=', organisation)
    .where('parted', 'is', null)
    .execute()
  if (input.person === '' && there.length + input.people.length > mostPeople)
    throw new Refusal('conflict', 'organisations.people.full', { most: mostPeople })
  const taken = new Set(there.filter(({ id }) => id !== input.person).map(({ label }) => label.toLowerCase()))
  for (const { label, row } of input.people) {
    if (taken.has(label.toLowerCase()))
      throw new Refusal('conflict', 'organisations.people.taken', { label }, `label-${row}`)
    taken.add(label.toLowerCase())
  }
}

const values = ({ label, colour, ageBand, nextChange }: PersonInput) => ({
  label,
  colour,
  ageBand,
  nextChange,
})

async function enter(trx: Trx, organisation: string, input: PeopleInput, now: Date): Promise<string[]> {
  const rows = await trx
    .insertInto('supportedPeople')
    .values(input.people.map((person) => ({ organisation, created: now, ...values(person) })))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

async function change(trx: Trx, organisation: string, input: PeopleInput): Promise<string> {
  const [person] = input.people
  const there = await personOf(trx, organisation, input.person)
  if (!person) throw missing()
  if (String(there.revision) !== input.revision) throw new Refusal('conflict', 'refusal.stale')
  await trx
    .updateTable('supportedPeople')
    .set({ ...values(person), revision: there.revision + 1 })
    .where('id', '=', there.id)
    .execute()
  return there.id
}

async function personOf(
  trx: Trx,
  organisation: string,
  id: string,
): Promise<{ id: string; label: string; parted: Date | null; revision: number }> {
  const row = /^[0-9a-f-]{36}$/.test(id)
    ? await trx
        .selectFrom('supportedPeople')
        .select(['id', 'label', 'parted', 'revision'])
        .where('organisation', '=', organisation)
        .where('id', '=', id)
        .executeTakeFirst()
    : undefined
  if (!row) throw missing()
  return row
}

/** Says that somebody is no longer supported here, or is again; what stood on paper about them stays with them. Idempotent. */
export async function partPerson(
  trx: Trx,
  viewer: Viewer,
  input: { slug: string; person: string; parted: boolean },
  now: Date,
): Promise<Touched> {
  const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayKeepPeople)
  const person = await personOf(trx, id, input.person)
  if ((person.parted !== null) !== input.parted) {
    if (!input.parted) await refuseSameLabel(trx, id, person)
    await trx
      .updateTable('supportedPeople')
      .set({ parted: input.parted ? now : null, revision: person.revision + 1 })
      .where('id', '=', person.id)
      .execute()
    await writeDown(trx, viewer, {
      action: input.parted ? 'organisation.person-parted' : 'organisation.person-back',
      subject: `organisations:${id}`,
    })
  }
  return { organisation: id, slug, people: [person.id] }
}

async function refuseSameLabel(trx: Trx, organisation: string, person: { label: string }): Promise<void> {
  const other = await trx
    .selectFrom('supportedPeople')
    .select('id')
    .where('organisation', '=', organisation)
    .where('parted', 'is', null)
    .where((on) => on(on.fn('lower', ['label']), '=', person.label.toLowerCase()))
    .executeTakeFirst()
  if (other) throw new Refusal('conflict', 'organisations.people.taken', { label: person.label })
}
