import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Hand, Id, Whose } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import {
  elsewhere,
  notReached,
  type ObjectInput,
  type Receipt,
  type WithdrawInput,
} from '#consent/permission.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf, linkHand } from '#consent/server/hands.ts'
import { rememberWithdrawn } from '#consent/server/likeness.ts'
import { linkOrMissing, type Link } from '#consent/server/links.ts'
import { eventsOf, surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import type { Permission, State } from '#consent/state.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

/** Takes a permission back for good and hides in the same transaction; answers what is gone since when, and what cannot be reached. Pressed twice it answers the same. A supporter's link keeps a no that was seen. */
export const withdraw = (db: Db, _viewer: Viewer, input: WithdrawInput, now: Date): Promise<Receipt> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.withdraw ${linkHand(input.token)}`, input.formKey, async () => {
      await lockConsent(trx)
      const link = await linkOrMissing(trx, input.token, now)
      const by = linkHand(input.token)
      const surface = input.everywhere && link.part !== 'reads' ? null : link.surface
      const surfaces = surface === null ? await surfacesWith(trx, [link.person]) : [surface]
      const whose = await whoseNo(trx, link)
      const before = await saidBefore(trx, { person: link.person, surface, whose })
      const state = fold(await eventsOf(trx, { surfaces: [], people: [link.person] }))
      const further = await wentFurther(trx, state, { person: link.person, surface, surfaces })
      if (before) return receiptOf(surfaces, before, further)
      const drafts = [
        ...(link.part === 'reads' ? [] : withdrawn(state, { person: link.person, surface, by })),
        await objected(trx, { person: link.person, surface, version: null, whose, by, seen: '' }, now),
      ]
      await remember(trx, link.person, surfaces, now)
      await happened(trx, { surfaces, people: [link.person], drafts }, now)
      return receiptOf(surfaces, now, further)
    }),
  ).then((receipt) => ({ ...receipt, gone: new Date(receipt.gone) }))

/** Whether what could be seen was allowed to go beyond what we control: there, or anywhere. */
async function wentFurther(
  trx: Trx,
  state: State,
  { person, surface, surfaces }: { person: Id; surface: Id | null; surfaces: readonly Id[] },
): Promise<boolean> {
  const allowed = (state.permissions.get(person) ?? []).some(
    ({ about, given }) =>
      given !== null &&
      given.scope.circle > 5 &&
      (surface === null || about.surface === null || about.surface === surface),
  )
  if (!allowed || surfaces.length === 0) return false
  const seen = await trx
    .selectFrom('placements')
    .select('id')
    .where('surface', 'in', [...surfaces])
    .where('state', 'in', ['live', 'hidden'])
    .where(sql<boolean>`${person}::uuid = any(about)`)
    .limit(1)
    .executeTakeFirst()
  return seen !== undefined
}

const receiptOf = (surfaces: readonly Id[], gone: Date, further: boolean): Receipt => ({
  gone,
  surfaces,
  within: staleSeconds,
  asked: [],
  unreachable: further ? [elsewhere, ...notReached] : notReached,
})

/** Whose no it is that comes by a link: the person's own, of somebody who decides for them, or one that a supporter saw. */
export async function whoseNo(trx: Trx, { person, part, surface }: Link): Promise<Whose> {
  if (part === 'reads') return 'observed'
  if (part === 'holder') return 'decider'
  const row = await trx
    .selectFrom('permissions')
    .select('route')
    .where('person', '=', person)
    .where((on) => on.or([on('surface', '=', surface), on('surface', 'is', null)]))
    .orderBy('created', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.route === 'attorney' || row?.route === 'best-interests' ? 'decider' : 'person'
}

type No = { person: Id; surface: Id | null; whose: Whose }

/** When the same no was said before and nobody has said yes since. */
async function saidBefore(trx: Trx, { person, surface, whose }: No): Promise<Date | null> {
  const open = await trx
    .selectFrom('permissions')
    .select('id')
    .where('person', '=', person)
    .where('state', '=', 'given')
    .$if(surface !== null, (query) => query.where('surface', '=', surface))
    .limit(1)
    .executeTakeFirst()
  if (open) return null
  const row = await trx
    .selectFrom('objections')
    .select('at')
    .where('person', '=', person)
    .where('whose', '=', whose)
    .where('surface', surface === null ? 'is' : '=', surface)
    .where('version', 'is', null)
    .where('ended', 'is', null)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Ends every permission about the surface, or all of them; one for a series stays for the rest when only one surface is meant. */
function withdrawn(
  state: State,
  { person, surface, by }: { person: Id; surface: Id | null; by: Hand },
): Draft[] {
  const meant = ({ about, finals }: Permission): boolean =>
    finals.size === 0 && (surface === null || about.surface === surface)
  return (state.permissions.get(person) ?? [])
    .filter(meant)
    .map(({ id }) => ({ facts: { kind: 'withdrawn', permission: id, person }, by }))
}

type NewNo = {
  person: Id | null
  surface: Id | null
  version: Id | null
  whose: Whose
  by: Hand
  seen: string
}

/** Keeps a no and answers what has to be written of it. */
export async function objected(
  trx: Trx,
  { person, surface, version, whose, by, seen }: NewNo,
  now: Date,
): Promise<Draft> {
  const objection = randomUUID()
  const account = /^[0-9a-f-]{36}$/.test(by) ? by : null
  await trx
    .insertInto('objections')
    .values({ id: objection, person, surface, version, whose, seen, byAccount: account, at: now })
    .execute()
  return { facts: { kind: 'objected', objection, person, surface, version, whose }, by }
}

async function remember(trx: Trx, person: Id, surfaces: readonly Id[], now: Date): Promise<void> {
  if (surfaces.length === 0) return
  const rows = await trx
    .selectFrom('placements')
    .select('version')
    .distinct()
    .where(sql<boolean>`${person} = any(people)`)
    .where('surface', 'in', [...surfaces])
    .where('version', 'is not', null)
    .execute()
  await rememberWithdrawn(
    trx,
    rows.flatMap(({ version }) => version ?? []),
    now,
  )
}

/** Keeps a no that was seen, and hides at once. One tap, by whoever holds a link, or by anybody signed in. */
export const objectObserved = (db: Db, viewer: Viewer, input: ObjectInput, now: Date): Promise<void> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.object ${viewer.account ?? linkHand(input.token)}`, input.formKey, async () => {
      await lockConsent(trx)
      const { person, surface, version, by } = await whoAndWhere(trx, viewer, input, now)
      const no = { person, surface, version, whose: 'observed' as const, by, seen: input.seen ?? '' }
      const draft = await objected(trx, no, now)
      const surfaces = surface !== null ? [surface] : person === null ? [] : await surfacesWith(trx, [person])
      await happened(trx, { surfaces, people: person === null ? [] : [person], drafts: [draft] }, now)
    }),
  )

async function whoAndWhere(trx: Trx, viewer: Viewer, input: ObjectInput, now: Date) {
  if (input.token !== '') {
    const { person, surface } = await linkOrMissing(trx, input.token, now)
    return { person, surface, version: null, by: linkHand(input.token) }
  }
  const { person, version } = input
  if (viewer.account === null) throw missing()
  const row =
    version === null
      ? null
      : await trx.selectFrom('placements').select('surface').where('version', '=', version).executeTakeFirst()
  const surface = row?.surface ?? input.surface
  if ((version !== null && !row) || (person === null && surface === null)) throw missing()
  if (person !== null) {
    const known = await trx.selectFrom('peopleShown').select('id').where('id', '=', person).executeTakeFirst()
    if (!known) throw missing()
  }
  return { person, surface, version, by: handOf(viewer) }
}
