import { randomUUID } from 'node:crypto'
import { aboutOf } from '#consent/about.ts'
import type { About, Hand, Id, Scope } from '#consent/events.ts'
import type { RequestInput } from '#consent/permission.ts'
import { canonical } from '#consent/server/canonical.ts'
import { happened } from '#consent/server/happened.ts'
import { addHolder, knownHolders } from '#consent/server/holders.ts'
import { isAboutAll, openQuestions } from '#consent/server/questions.ts'
import { newLink } from '#consent/server/links.ts'
import { lockConsent, type Draft } from '#consent/server/log.ts'
import { keepPermission } from '#consent/server/permission-row.ts'
import { refuseDead } from '#consent/server/writes/refuse-dead.ts'
import { organisationOf, partsOf, stateOf } from '#consent/server/surface.ts'
import { termOf } from '#consent/server/terms.ts'
import { whoIsIn } from '#consent/who.ts'
import type { Permission, State } from '#consent/state.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { leftOf } from '#consent/stops.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'

export type Asked = { permission: Id; token: string; link: string }

/** Asks for a permission and answers the link to hand over; its word is kept as a hash only. Mails nobody. One of several parents gets a link of their own, to the same question. */
export const requestPermission = (
  db: Db,
  _viewer: Viewer,
  input: RequestInput & { by: Hand },
  now: Date,
): Promise<Asked> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `consent.request ${input.surface} ${input.person}`, input.formKey, async () => {
      await lockConsent(trx)
      const { surface, person, route, holder, by } = input
      const state = await stateOf(trx, surface)
      if (!isOn(state, input)) throw missing()
      refuseDead(state, person)
      if (route === 'nobody') throw new Refusal('invalid', 'consent.refusal.route', {}, 'route')
      const asked = openRequest(state, input, now.getTime())
      const drafts: Draft[] = []
      const permission = asked?.id ?? randomUUID()
      if (!asked) drafts.push(await requestDraft(trx, { ...input, state, permission }, now))
      let who = ''
      if (route === 'parents' || (holder !== null && holder !== '')) {
        const found = await holderCalled(trx, { person, label: holder ?? 'parent', by }, now)
        who = found.holder
        drafts.push(...found.drafts)
      }
      const part = who === '' ? 'decide' : 'holder'
      const { token, link } = await newLink(trx, { person, surface, part, holder: who, by }, now)
      if (drafts.length > 0) await happened(trx, { surfaces: [surface], people: [person], drafts }, now)
      return { permission, token, link }
    }),
  )

/** Answers a link to somebody's page that decides nothing: for supporters who tap a no that they see. */
export const linkForSupporter = (
  db: Db,
  _viewer: Viewer,
  input: { surface: Id; person: Id; by: Hand },
  now: Date,
): Promise<{ token: string; link: string }> =>
  inTransaction(db, async (trx) => {
    const { surface, person, by } = input
    if (!isOn(await stateOf(trx, surface), input)) throw missing()
    return newLink(trx, { person, surface, part: 'reads', holder: '', by }, now)
  })

/** Only who was said to be on a surface is asked about it. */
const isOn = (state: State, { surface, person }: { surface: Id; person: Id }): boolean =>
  partsOf(state, surface).some(({ version }) => whoIsIn(state, surface, version).about.has(person))

type Wanted = RequestInput & { by: Hand; state: State; permission: Id }

const scopeOf = ({ circle, purposes, modifiers, modes }: RequestInput): Scope => ({
  circle,
  purposes,
  modifiers,
  modes,
})

/** The same question that nobody has answered yet is not asked twice. One of several who decide, or agree as well, joins the question that the others have answered: only together do their answers count. */
function openRequest(state: State, input: RequestInput, at: number): Permission | undefined {
  const { person, surface, version, route } = input
  const isSame = ({ about, scope, given }: Permission): boolean =>
    about.surface === surface &&
    about.version === version &&
    // What is decided in somebody's best interests may go less far than it was asked.
    ((route === 'best-interests' && given !== null) || canonical(scope) === canonical(scopeOf(input)))
  return openQuestions(state, { person, surface }, at).findLast(
    (one) =>
      one.route === route &&
      isSame(one) &&
      (one.given === null ||
        (isJoined(input) &&
          one.suspensions.length === 0 &&
          // What one of them took back, all are asked anew.
          leftOf(state, one, one.scope.circle, surface) === one.scope.circle &&
          isAboutAll(state, one, { person, surface }))),
  )
}

const isJoined = ({ route, holder }: RequestInput): boolean =>
  route === 'parents' || (route !== 'own' && holder !== null && holder !== '')

async function requestDraft(trx: Trx, wanted: Wanted, now: Date): Promise<Draft> {
  const { state, permission, person, surface, version, route, by } = wanted
  const [part] = partsOf(state, surface)
  if (!part) throw missing()
  const about: About = { ...aboutOf(state, part), surface, version }
  const scope = scopeOf(wanted)
  const term = await termOf(trx, route, organisationOf(state, surface), now)
  await keepPermission(trx, { permission, person, about, route, scope, ...term, by, paper: null }, now)
  return { facts: { kind: 'requested', permission, person, surface, about, route, scope, ...term }, by }
}

async function holderCalled(
  trx: Trx,
  { person, label, by }: { person: Id; label: string; by: Hand },
  now: Date,
): Promise<{ holder: Id; drafts: Draft[] }> {
  const known = await knownHolders(trx, person)
  const same = known.find((one) => one.label.toLowerCase() === label.toLowerCase())
  if (same) return { holder: same.holder, drafts: [] }
  const { holder, draft } = await addHolder(trx, { person, label, as: 'parent', by }, now)
  return { holder, drafts: [draft] }
}
