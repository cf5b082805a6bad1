import { randomUUID } from 'node:crypto'
import type { Id, StewardAnswer } from '#consent/events.ts'
import { mayNameSteward } from '#consent/may.ts'
import type { NamedSteward, SaidSteward } from '#consent/steward-forms.ts'
import { happened } from '#consent/server/happened.ts'
import { handOf, linkHand } from '#consent/server/hands.ts'
import { linkDays } from '#consent/server/links.ts'
import { surfacesWith } from '#consent/server/load.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { keepAnswer } from '#consent/server/people-rows.ts'
import { isKeptDown, stewardOf } from '#consent/server/reads/stewards.ts'
import { personFor } from '#consent/server/writes/people.ts'
import { day } from '#kernel/limits.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { newToken } from '#platform/server/tokens.ts'

/** How many of one family can be asked. */
const mostStewards = 10

/** Says who of the family of somebody who has died can be asked, and answers the link to hand over; its word is kept as a hash only. Mails nobody, and opens nothing. */
export const nameSteward = (
  db: Db,
  viewer: Viewer,
  input: NamedSteward,
  now: Date,
): Promise<{ link: string; called: string }> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.steward ${input.person}`, input.formKey, async () => {
      await lockConsent(trx)
      const { id: person, died } = await personFor(trx, viewer, input.person, mayNameSteward)
      if (died === null) throw missing()
      await refuseMore(trx, person)
      const steward = randomUUID()
      const { token, hash } = newToken()
      const { called } = input
      const expires = new Date(now.getTime() + linkDays * day)
      await trx
        .insertInto('stewards')
        .values({ id: steward, person, called, token: hash, namedBy: viewer.account, created: now, expires })
        .execute()
      const drafts: Draft[] = [{ facts: { kind: 'steward', steward, person }, by: handOf(viewer) }]
      await happened(trx, { surfaces: await surfacesWith(trx, [person]), people: [person], drafts }, now)
      await writeDown(trx, viewer, { action: 'consent.steward-named', subject: `people-shown:${person}` })
      return { link: `${siteAddress(readConfig())}/consent/family/${token}`, called }
    }),
  )

async function refuseMore(trx: Trx, person: Id): Promise<void> {
  await refuseKept(trx, person)
  const { count } = await trx
    .selectFrom('stewards')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('person', '=', person)
    .executeTakeFirstOrThrow()
  if (count >= mostStewards) throw new Refusal('too-often', 'consent.refusal.stewards', {}, 'called')
}

/** Once somebody of the family has said that it stays taken down, nobody else is asked, and no other word counts. */
async function refuseKept(trx: Trx, person: Id): Promise<void> {
  if (await isKeptDown(trx, person)) throw new Refusal('conflict', 'consent.refusal.kept-down')
}

/** Keeps what somebody of the family said. That it stays taken down is final, and hides in the same transaction; that it may be shown again shows nothing until a second person has looked. Pressed twice it is kept once. */
export const answerAsSteward = (
  db: Db,
  viewer: Viewer,
  input: SaidSteward,
  now: Date,
): Promise<StewardAnswer> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.steward-said ${linkHand(input.token)}`, input.formKey, async () => {
      await lockConsent(trx)
      const steward = await stewardOf(trx, input.token, now)
      if (!steward) throw missing()
      const { id, person, answer: before, namedBy } = steward
      const { answer } = input
      if (before === 'keep-down' || before === answer) return before
      // Who has said that it may be shown again can only say that it may not.
      if (before === 'as-allowed' && answer === 'not-now') return before
      if (answer === 'as-allowed') {
        await refuseKept(trx, person)
        if (viewer.account !== null && viewer.account === namedBy)
          throw new Refusal('forbidden', 'consent.refusal.own-steward')
      }
      const facts = { kind: 'steward-said' as const, steward: id, person, answer }
      const by = viewer.account ?? linkHand(input.token)
      await keepAnswer(trx, facts, now)
      const surfaces = await surfacesWith(trx, [person])
      await happened(trx, { surfaces, people: [person], drafts: [{ facts, by }] }, now)
      return answer
    }),
  )
