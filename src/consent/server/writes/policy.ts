import { randomUUID } from 'node:crypto'
import type { Id } from '#consent/events.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf } from '#consent/server/hands.ts'
import { surfacesUnder, surfacesWith } from '#consent/server/load.ts'
import { eventOf, lockConsent, type Draft } from '#consent/server/log.ts'
import { paperDrafts } from '#consent/server/paper.ts'
import { unknownRules } from '#consent/server/rules.ts'
import { personDraft } from '#consent/server/writes/people.ts'
import type { AgeBand } from '#kernel/permission-words.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Touched } from '#organisations/organisation.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** An organisation's own use case, for its policy, its people, its forms, or whether it counts. */
export type OrganisationWrite<Input, Result extends Touched> = (
  trx: Trx,
  viewer: Viewer,
  input: Input,
  now: Date,
) => Promise<Result>

/** Makes of an organisation's use case one that also hides, in the same transaction, what is not allowed any more. A looser policy publishes nothing. */
export const changePolicy =
  <Input, Result extends Touched>(write: OrganisationWrite<Input, Result>) =>
  (db: Db, viewer: Viewer, input: Input, now: Date): Promise<Result> =>
    inTransaction(db, async (trx) => {
      const touched = await write(trx, viewer, input, now)
      await lookAgain(trx, viewer, touched, now)
      return touched
    })

/** Makes of the use case by which an organisation goes away, with all that was entered in it, one that also takes back what its forms on paper allowed, in the same transaction. */
export const takeBackPaper =
  (write: (db: Db, viewer: Viewer, input: { slug: string }, now: Date) => Promise<void>) =>
  (db: Db, viewer: Viewer, input: { slug: string }, now: Date): Promise<void> =>
    inTransaction(db, async (trx) => {
      const rows = await trx
        .selectFrom('permissions as p')
        .innerJoin('paperForms as f', 'f.id', 'p.paper')
        .innerJoin('organisations as o', 'o.id', 'f.organisation')
        .select(['p.id', 'p.person'])
        .where('o.slug', '=', input.slug)
        .where('p.state', 'not in', ['withdrawn', 'declined', 'expired'])
        .execute()
      await write(trx, viewer, input, now)
      if (rows.length === 0) return
      const by = handOf(viewer)
      const people = [...new Set(rows.map(({ person }) => person))]
      const drafts = rows.map(({ id, person }): Draft => ({
        facts: { kind: 'withdrawn', permission: id, person },
        by,
      }))
      await happened(trx, { surfaces: await surfacesWith(trx, people), people, drafts }, now)
    })

/** Looks again at everything that a change of an organisation touches: its policy, its people's ages, their forms on paper. In the caller's transaction. Idempotent. */
export async function lookAgain(trx: Trx, viewer: Viewer, touched: Touched, now: Date): Promise<void> {
  await lockConsent(trx)
  const { organisation } = touched
  const people = await changedPeople(trx, touched)
  const drafts: Draft[] = []
  if (touched.people === 'all') drafts.push(...(await freshRules(trx, organisation, now)))
  const by = handOf(viewer)
  for (const person of people) {
    drafts.push(...(await keptPerson(trx, person, by)), ...(await paperDrafts(trx, person.id, now)))
  }
  const ids = people.map(({ id }) => id)
  const surfaces =
    touched.people === 'all' ? await surfacesUnder(trx, organisation) : await surfacesWith(trx, ids)
  await happened(trx, { surfaces, people: ids, drafts }, now)
}

/** What the log does not know of the policy that is in force now. */
async function freshRules(trx: Trx, organisation: Id, now: Date): Promise<Draft[]> {
  const last = await trx
    .selectFrom('consentEvents')
    .select(['n', 'at', 'kind', 'byWhom', 'facts'])
    .where('organisation', '=', organisation)
    .orderBy('n', 'desc')
    .limit(1)
    .execute()
  return unknownRules(trx, [organisation], last.map(eventOf), now)
}

type Known = {
  id: Id
  ageBand: string
  nextChange: string | null
  notLocatable: boolean
  doNotShow: boolean
  organisation: Id | null
  nowBand: string
  nowChange: string | null
  parted: Date | null
}

const changedPeople = (trx: Trx, { organisation, people }: Touched): Promise<Known[]> =>
  trx
    .selectFrom('peopleShown as p')
    .innerJoin('supportedPeople as s', 's.id', 'p.supported')
    .select(['p.id', 'p.ageBand', 'p.nextChange', 'p.notLocatable', 'p.doNotShow', 'p.organisation'])
    .select(['s.ageBand as nowBand', 's.nextChange as nowChange', 's.parted'])
    .where('s.organisation', '=', organisation)
    .where('p.forgotten', 'is', null)
    .$if(people !== 'all', (query) =>
      query.where('s.id', 'in', people === 'all' ? [] : [...people, organisation]),
    )
    .limit(1000)
    .execute()

/** Keeps somebody's age as their organisation has it now; who is not supported there any more is asked anew for what was said there. */
async function keptPerson(trx: Trx, person: Known, by: string): Promise<Draft[]> {
  const drafts: Draft[] = []
  if (person.ageBand !== person.nowBand || person.nextChange !== person.nowChange) {
    const age = { ageBand: person.nowBand as AgeBand, nextChange: person.nowChange }
    await trx.updateTable('peopleShown').set(age).where('id', '=', person.id).execute()
    drafts.push(personDraft({ ...person, ...age }, by))
  }
  if (person.parted === null) return drafts
  const series = await trx
    .selectFrom('permissions')
    .select('id')
    .where('person', '=', person.id)
    .where('surface', 'is', null)
    .where('state', '=', 'given')
    .execute()
  return [
    ...drafts,
    ...series.map(({ id }): Draft => {
      const suspended = { suspension: randomUUID(), permission: id, person: person.id, why: 'moved' as const }
      return { facts: { kind: 'suspended', ...suspended }, by }
    }),
  ]
}
