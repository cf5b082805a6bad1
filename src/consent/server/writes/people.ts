import { randomUUID } from 'node:crypto'
import type { Facts, Id } from '#consent/events.ts'
import { mayMark, type InOrganisation } from '#consent/may.ts'
import type { Shown, Who } from '#consent/permission.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf, standingIn } from '#consent/server/hands.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { mostHashes, nameHashesOf } from '#consent/server/names.ts'
import { keepDeath, keepLife } from '#consent/server/people-rows.ts'
import { organisationOf, partsOf, stateOf } from '#consent/server/surface.ts'
import { sightOf } from '#consent/sight.ts'
import type { State } from '#consent/state.ts'
import { openStops } from '#consent/stops.ts'
import type { AgeBand } from '#kernel/permission-words.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { changeFits } from '#organisations/supported.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'

type Named = Pick<Shown, 'who' | 'names'> & { state: State; surface: Id }

/** Answers the person somebody was said to be, made when they are new, with what has to be written about them. Somebody whom an organisation supports can be named only by who belongs to it. */
export async function personOf(
  trx: Trx,
  viewer: Viewer,
  { who, names, state, surface }: Named,
  now: Date,
): Promise<{ id: Id; drafts: Draft[] }> {
  const found = await findPerson(trx, viewer, { who, state, surface }, now)
  const hashes = nameHashesOf(names)
  if (typeof found === 'string') {
    await addNames(trx, found, hashes)
    return { id: found, drafts: [] }
  }
  const id = randomUUID()
  await trx
    .insertInto('peopleShown')
    .values({ id, ...found, nameHashes: hashes, created: now })
    .execute()
  return {
    id,
    drafts: [personDraft({ id, ...found, notLocatable: false, doNotShow: false }, handOf(viewer))],
  }
}

type NewPerson = {
  organisation: Id | null
  supported: Id | null
  label: string
  ageBand: AgeBand
  nextChange: string | null
}

async function findPerson(
  trx: Trx,
  viewer: Viewer,
  { who, state, surface }: { who: Who; state: State; surface: Id },
  now: Date,
): Promise<Id | NewPerson> {
  if ('person' in who) {
    if (state.people.has(who.person)) return who.person
    const row = await trx
      .selectFrom('peopleShown')
      .select(['id', 'organisation'])
      .where('id', '=', who.person)
      .executeTakeFirst()
    if (!row || !(await standingIn(trx, viewer, row.organisation)).member) throw missing()
    return row.id
  }
  if ('supported' in who) return supportedPerson(trx, viewer, who.supported)
  if ((who.ageBand === 'adult') !== (who.nextChange === null)) {
    throw new Refusal('invalid', 'consent.refusal.age-month', {}, 'nextChange')
  }
  if (!changeFits(who, dayOf(now, 'UTC')))
    throw new Refusal('invalid', 'organisations.people.month-wrong', {}, 'nextChange')
  return { organisation: organisationOf(state, surface), supported: null, ...who }
}

async function supportedPerson(trx: Trx, viewer: Viewer, supported: Id): Promise<Id | NewPerson> {
  const row = await trx
    .selectFrom('supportedPeople as s')
    .leftJoin('peopleShown as p', 'p.supported', 's.id')
    .select(['s.organisation', 's.label', 's.ageBand', 's.nextChange', 's.parted', 'p.id'])
    .where('s.id', '=', supported)
    .executeTakeFirst()
  if (!row || row.parted !== null || !(await standingIn(trx, viewer, row.organisation)).member)
    throw missing()
  if (row.id !== null) return row.id
  const { organisation, label, nextChange } = row
  return { organisation, supported, label, ageBand: row.ageBand, nextChange }
}

async function addNames(trx: Trx, person: Id, hashes: readonly Buffer[]): Promise<void> {
  if (hashes.length === 0) return
  const row = await trx
    .selectFrom('peopleShown')
    .select('nameHashes')
    .where('id', '=', person)
    .executeTakeFirstOrThrow()
  const all = new Map([...row.nameHashes, ...hashes].map((hash) => [hash.toString('base64'), hash]))
  const nameHashes = [...all.values()].slice(0, mostHashes)
  if (nameHashes.length === row.nameHashes.length) return
  await trx.updateTable('peopleShown').set({ nameHashes }).where('id', '=', person).execute()
  // A name that is known only now may stand in what was told before.
  await addJob(trx, 'person.named', { person }, { key: `named ${person}` })
}

type Marked = Pick<NewPerson, 'organisation' | 'ageBand' | 'nextChange'> & {
  id: Id
  notLocatable: boolean
  doNotShow: boolean
}

/** Answers what has to be written when something about a person is new. */
export function personDraft(person: Marked, by: string): Draft {
  const { id, organisation, ageBand: band, nextChange, notLocatable, doNotShow } = person
  const month = nextChange === null ? null : Date.parse(`${nextChange}T00:00:00Z`)
  const facts: Facts = {
    kind: 'person',
    person: id,
    organisation,
    band,
    nextChange: month,
    notLocatable,
    doNotShow,
  }
  return { facts, by }
}

/** Marks that somebody must not be found, or must not be shown; never why. Taking a mark away shows nothing: what is under it is hidden until somebody other than its poster brings it back, with all that may be told with it then. */
export const markPerson = (
  db: Db,
  viewer: Viewer,
  input: { person: Id; notLocatable: boolean; doNotShow: boolean },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const person = await personFor(trx, viewer, input.person)
    const { notLocatable, doNotShow } = input
    if (person.notLocatable === notLocatable && person.doNotShow === doNotShow) return
    await trx
      .updateTable('peopleShown')
      .set({ notLocatable, doNotShow })
      .where('id', '=', person.id)
      .execute()
    const surfaces = await surfacesWith(trx, [person.id])
    const stops = person.notLocatable && !notLocatable ? await stopsFor(trx, person.id, surfaces) : []
    const drafts = [...stops, personDraft({ ...person, notLocatable, doNotShow }, handOf(viewer))]
    await happened(trx, { surfaces, people: [person.id], drafts }, now)
    await writeDown(trx, viewer, { action: 'consent.marked', subject: `people-shown:${person.id}` })
  })

/** A stop on each part that could be seen of surfaces on which nobody else must not be found. */
async function stopsFor(trx: Trx, person: Id, surfaces: readonly Id[]): Promise<Draft[]> {
  const drafts: Draft[] = []
  for (const surface of surfaces) {
    const state = await stateOf(trx, surface)
    const others = [...sightOf(state, surface).people.keys()].filter((id) => id !== person)
    if (others.some((id) => state.people.get(id)?.notLocatable)) continue
    const stopped = openStops(state, surface).map(({ placement }) => placement)
    for (const { id, live } of partsOf(state, surface)) {
      if (live === null || stopped.includes(id)) continue
      const stop = { stop: randomUUID(), surface, placement: id, why: 'hidden' as const, own: false }
      drafts.push({ facts: { kind: 'stopped', ...stop }, by: 'site' })
    }
  }
  return drafts
}

/** Takes note that somebody has died: nothing of them is shown from this moment. Idempotent. */
export const noteDeath = (db: Db, viewer: Viewer, input: { person: Id }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const person = await personFor(trx, viewer, input.person)
    if (person.died !== null) return
    await keepDeath(trx, person.id, now)
    const drafts: Draft[] = [{ facts: { kind: 'died', person: person.id }, by: handOf(viewer) }]
    await happened(trx, { surfaces: await surfacesWith(trx, [person.id]), people: [person.id], drafts }, now)
    await writeDown(trx, viewer, { action: 'consent.died', subject: `people-shown:${person.id}` })
  })

/** Takes back that somebody has died, which was written down by mistake: all counts again as it was allowed before, nothing that was said for them meanwhile counts, the links of their family end, and what was hidden waits for a second person. Idempotent. */
export const noteDeathMistaken = (db: Db, viewer: Viewer, input: { person: Id }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    await lockConsent(trx)
    const person = await personFor(trx, viewer, input.person)
    if (person.died === null) return
    await keepLife(trx, person.id, now)
    const drafts: Draft[] = [{ facts: { kind: 'death-mistaken', person: person.id }, by: handOf(viewer) }]
    await happened(trx, { surfaces: await surfacesWith(trx, [person.id]), people: [person.id], drafts }, now)
    await writeDown(trx, viewer, { action: 'consent.death-mistaken', subject: `people-shown:${person.id}` })
  })

/** Answers a person about whom the viewer may do this; looks like nobody is there to anybody else. */
export async function personFor(
  trx: Trx,
  viewer: Viewer,
  id: Id,
  may: (viewer: Viewer, standing: InOrganisation) => boolean = mayMark,
) {
  const row = await trx
    .selectFrom('peopleShown')
    .select(['id', 'organisation', 'ageBand', 'nextChange', 'notLocatable', 'doNotShow', 'died'])
    .where('id', '=', id)
    .where('forgotten', 'is', null)
    .executeTakeFirst()
  if (!row || !may(viewer, await standingIn(trx, viewer, row.organisation))) throw missing()
  return row
}
