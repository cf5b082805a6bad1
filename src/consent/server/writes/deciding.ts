import { randomUUID } from 'node:crypto'
import type { Facts, Hand, Scope, Whose } from '#consent/events.ts'
import type { FormBody } from '#consent/form.ts'
import type { Answer, DecideInput } from '#consent/permission.ts'
import { mayAnswerYes } from '#consent/may.ts'
import { hashOfForm, keepForm } from '#consent/server/forms.ts'
import { happened } from '#consent/server/happened.ts'
import { knownHolders } from '#consent/server/holders.ts'
import { handsOf, linkHand } from '#consent/server/hands.ts'
import { linkOrMissing, type Link } from '#consent/server/links.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { recordsFor } from '#consent/server/paper.ts'
import { versionsWith } from '#consent/server/questions.ts'
import { refuseHeld } from '#consent/server/reads/holds.ts'
import { refuseDead } from '#consent/server/writes/refuse-dead.ts'
import { makersOf, stateOf } from '#consent/server/surface.ts'
import type { Permission, State } from '#consent/state.ts'
import type { Circle, Route } from '#kernel/permission-words.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

const own: readonly Route[] = ['own', 'young-person', 'other-adult']

type Deciding = {
  state: State
  permission: Permission
  link: Link
  input: DecideInput
  by: Hand
  form: string
}

/** Keeps a yes, a no or a not-sure (a no for now) of whoever holds the link, with the very form they saw. A no hides in the same transaction. */
export const decide = (
  db: Db,
  viewer: Viewer,
  input: DecideInput & { form: FormBody },
  now: Date,
): Promise<{ answer: Answer }> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.decide ${input.permission}`, input.formKey, async () => {
      await lockConsent(trx)
      const link = await linkOrMissing(trx, input.token, now)
      const { person, surface } = link
      if (link.part === 'reads') throw missing()
      // A no always works.
      if (input.answer === 'yes') await refuseHeld(trx, surface, now)
      if (input.formHash !== null && input.formHash !== hashOfForm(input.form)) {
        throw new Refusal('conflict', 'consent.refusal.changed-form')
      }
      const state = await stateOf(trx, surface, [person])
      if (input.answer === 'yes') {
        refuseDead(state, person)
        refuseMaker(viewer, state, surface)
      }
      const permission = state.asked.get(input.permission)
      if (permission?.person !== person) throw missing()
      if (permission.finals.size > 0) throw new Refusal('conflict', 'consent.refusal.not-asked')
      const form = await keepForm(trx, input.form, now)
      // Whoever says yes, or decides for somebody else, is told by their account, where there is one.
      const by = input.answer !== 'yes' && own.includes(permission.route) ? null : viewer.account
      const deciding = { state, permission, link, input, by: by ?? linkHand(input.token), form }
      const drafts = await draftsOf(trx, deciding, now)
      await happened(trx, { surfaces: [surface], people: [person], drafts }, now)
      await trx.updateTable('permissions').set({ form }).where('id', '=', permission.id).execute()
      return { answer: input.answer }
    }),
  )

function refuseMaker(viewer: Viewer, state: State, surface: string): void {
  if (viewer.account === null) return
  if (mayAnswerYes(viewer, { makers: makersOf(state, surface), hands: handsOf(viewer) })) return
  throw new Refusal('forbidden', 'consent.refusal.maker-answers')
}

async function draftsOf(trx: Trx, deciding: Deciding, now: Date): Promise<Draft[]> {
  const { input, permission } = deciding
  if (input.answer === 'no') return saidNo(trx, deciding, now)
  if (input.answer === 'not-sure') return notSure(trx, deciding, now)
  if (saidAlready(deciding)) throw new Refusal('conflict', 'consent.refusal.already')
  if (input.circle !== null && input.circle > permission.scope.circle) {
    throw new Refusal('invalid', 'consent.refusal.wider', {}, 'circle')
  }
  return saidYes(trx, deciding, now)
}

/** A parent who agrees as well may do so after the young person has decided. */
function saidAlready({ state, permission, link }: Deciding): boolean {
  if (link.part === 'holder') {
    return permission.answers.some(({ holder, answer }) => holder === link.holder && answer === 'yes')
  }
  return permission.given !== null && permission.suspensions.every(({ id }) => state.taken.has(id))
}

const whoseNo = ({ link, permission }: Deciding): Whose =>
  link.part === 'decide' && own.includes(permission.route) ? 'person' : 'decider'

/** Keeps somebody's no to a surface. */
async function objection(trx: Trx, deciding: Deciding, whose: Whose, now: Date): Promise<Draft> {
  const { link, by } = deciding
  const { person, surface } = link
  const id = randomUUID()
  await trx.insertInto('objections').values({ id, person, version: null, surface, whose, at: now }).execute()
  return { facts: { kind: 'objected', objection: id, person, surface, version: null, whose }, by }
}

async function saidNo(trx: Trx, deciding: Deciding, now: Date): Promise<Draft[]> {
  const { link, permission, by } = deciding
  const { person, holder, part } = link
  const no: Facts =
    part === 'holder'
      ? { kind: 'answered', permission: permission.id, person, holder, answer: 'no', circle: 0 }
      : { kind: 'declined', permission: permission.id, person }
  return [{ facts: no, by }, await objection(trx, deciding, whoseNo(deciding), now)]
}

/** Not sure is a no for now: whoever says so can say yes later, in answer to the same question. */
async function notSure(trx: Trx, deciding: Deciding, now: Date): Promise<Draft[]> {
  const { link, permission, by } = deciding
  const { person } = link
  const suspension = randomUUID()
  const facts: Facts = { kind: 'suspended', suspension, permission: permission.id, person, why: 'not-sure' }
  return [{ facts, by }, await objection(trx, deciding, whoseNo(deciding), now)]
}

/** That it may go where nobody can take it back from is never taken for said. */
const withinOurs = (asked: Circle): Circle => (asked > 5 ? 5 : asked)

async function saidYes(trx: Trx, deciding: Deciding, now: Date): Promise<Draft[]> {
  const { state, permission, link, input, by } = deciding
  const { person } = link
  const drafts: Draft[] = []
  const circle = input.circle ?? withinOurs(permission.scope.circle)
  const unsure = permission.suspensions.filter(({ id, why }) => why === 'not-sure' && !state.taken.has(id))
  if (unsure.length > 0) {
    drafts.push({ facts: { kind: 'resumed', suspensions: unsure.map(({ id }) => id), person }, by })
  }
  // A no that was seen counts whoever saw it, and also when others have not answered yet.
  if (input.seen === 'no') drafts.push(await objection(trx, deciding, 'observed', now))
  if (link.part === 'holder') {
    const yes = { permission: permission.id, person, holder: link.holder, answer: 'yes' as const, circle }
    drafts.push({ facts: { kind: 'answered', ...yes }, by })
    if (permission.route === 'parents' && !(await lastHolder(trx, deciding))) return drafts
  }
  // What a young person, or whoever decides in somebody's best interests, decides is theirs to give; a parent only agrees.
  if (link.part === 'holder' && permission.route !== 'parents') return drafts
  if (permission.given === null) drafts.push({ facts: await givenFacts(trx, deciding, circle), by })
  return drafts
}

/** Everybody else who is known to hold parental responsibility has said yes already. */
async function lastHolder(trx: Trx, { permission, link }: Deciding): Promise<boolean> {
  const others = (await knownHolders(trx, link.person)).filter(({ holder }) => holder !== link.holder)
  return others.every(({ holder }) =>
    permission.answers.some((one) => one.holder === holder && one.answer === 'yes'),
  )
}

/** When a permission was asked for: what one of several took back of an earlier one, all of them are asked anew. */
async function askedAt(trx: Trx, permission: string): Promise<number> {
  const row = await trx
    .selectFrom('permissions')
    .select('created')
    .where('id', '=', permission)
    .executeTakeFirst()
  return row?.created.getTime() ?? -Infinity
}

async function givenFacts(trx: Trx, deciding: Deciding, circle: Circle): Promise<Facts> {
  const { state, permission, link, input, form } = deciding
  const { person, surface } = link
  const { purposes, modes, modifiers } = permission.scope
  const scope: Scope = {
    circle: link.part === 'holder' ? permission.scope.circle : circle,
    purposes,
    modes,
    modifiers:
      input.modifiers.length > 0 ? modifiers.filter((one) => input.modifiers.includes(one)) : modifiers,
  }
  const ours = own.includes(permission.route)
  const asked = await askedAt(trx, permission.id)
  const noes = (state.objections.get(person) ?? []).filter(
    (no) =>
      (no.surface === surface || no.surface === null) &&
      (no.beyond === null || (scope.circle > no.beyond && (ours || no.at < asked))),
  )
  return {
    kind: 'given',
    permission: permission.id,
    person,
    surface: permission.surface,
    scope,
    seen: versionsWith(state, { person, surface }),
    assent: ours ? 'yes' : input.seen === 'no' ? null : input.seen,
    after: noes.filter(({ whose }) => (ours ? whose === 'person' : whose === 'decider')).map(({ id }) => id),
    ...(await recordsFor(trx, person)),
    form,
    signed: null,
  }
}
