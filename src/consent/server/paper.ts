import { randomUUID } from 'node:crypto'
import type { About, Facts, Hand, Id, Scope } from '#consent/events.ts'
import { modifierOf } from '#consent/permission-scope.ts'
import { canonical } from '#consent/server/canonical.ts'
import { endAllKnown, holderDrafts } from '#consent/server/holders.ts'
import { sealOf } from '#consent/server/keys.ts'
import type { Draft } from '#consent/server/log.ts'
import { keepPermission } from '#consent/server/permission-row.ts'
import { termOf } from '#consent/server/terms.ts'
import type { Route } from '#kernel/permission-words.ts'
import { dayOf } from '#kernel/times.ts'
import { reachOf } from '#organisations/paper.ts'
import type { Trx } from '#platform/server/db.ts'

/** The kind of decision that a form on paper is: pictures in stories of this organisation. */
const paperKind = 'story'

type Answer = Awaited<ReturnType<typeof answersOf>>[number]

const answersOf = (trx: Trx, person: Id) =>
  trx
    .selectFrom('peopleShown as p')
    .innerJoin('paperAnswers as a', 'a.supported', 'p.supported')
    .innerJoin('paperForms as f', 'f.id', 'a.form')
    .select(['p.organisation', 'f.id as form', 'f.circle', 'f.purposes', 'f.modes', 'f.namesThisSite'])
    .select(['f.namesSocialMedia', 'a.answer', 'a.route', 'a.byWhom', 'a.signed', 'a.ends'])
    .select(['a.enteredBy', 'a.entered'])
    .where('p.id', '=', person)
    .where('f.ended', 'is', null)
    .orderBy('a.entered')
    .limit(50)
    .execute()

/** Answers what has to be written so that permission knows what forms on paper say of somebody: a yes as a permission for a series, a no as a no everywhere; what is no longer on paper, or not as it was, is withdrawn. Nothing when all of it is known. */
export async function paperDrafts(trx: Trx, person: Id, now: Date): Promise<Draft[]> {
  const answers = await answersOf(trx, person)
  const known = await keptOf(trx, person)
  const said = await trx
    .selectFrom('objections')
    .select(['id', 'paper'])
    .where('person', '=', person)
    .where('paper', 'is not', null)
    .execute()
  const drafts: Draft[] = []
  for (const answer of answers) {
    if (answer.answer === 'no') {
      if (!said.some(({ paper }) => paper === answer.form)) drafts.push(await noDraft(trx, person, answer))
      continue
    }
    if (known.some((one) => counts(one, now) && saysSame(one, answer))) continue
    const after = said.filter(({ paper }) => paper === answer.form).map(({ id }) => id)
    const yes = { person, answer, after, since: sinceWhen(known, answer, now) }
    drafts.push(...(await yesDrafts(trx, yes, now)))
  }
  const yes = answers.filter(({ answer }) => answer === 'yes')
  const gone = known
    .filter((one) => isOpen(one) && !yes.some((answer) => saysSame(one, answer)))
    .map(({ id, paper }): Draft => {
      // A last day that was put right and is over has ended it: nobody took it back.
      const over = yes.some((answer) => answer.form === paper && lastsUntil(answer) <= now.getTime())
      return { facts: { kind: over ? 'expired' : 'withdrawn', permission: id, person }, by: 'site' }
    })
  const allSigned = yes.some(({ byWhom }) => byWhom === 'all-parents')
  const fewer = gone.length === 0 || allSigned ? [] : await endAllKnown(trx, person, now)
  return [...gone, ...fewer, ...drafts]
}

type Kept = Awaited<ReturnType<typeof keptOf>>[number]

/** What forms on paper were ever written down as, for somebody. */
const keptOf = (trx: Trx, person: Id) =>
  trx
    .selectFrom('permissions')
    .select(['id', 'paper', 'paperSays', 'state', 'ends', 'created'])
    .where('person', '=', person)
    .where('paper', 'is not', null)
    .orderBy('created')
    .limit(1000)
    .execute()

const isOpen = ({ state }: Kept): boolean => !['withdrawn', 'declined', 'expired'].includes(state)
/** What ran out is not made anew by the same signature. */
const counts = (kept: Kept, now: Date): boolean =>
  isOpen(kept) || (kept.state === 'expired' && kept.ends <= now)

/** All that an answer says, with the form that it stands on, but for who wrote it down and when: whatever of it is put right makes it another permission. */
const sealed = ({ enteredBy: _who, entered: _when, ...says }: Answer): Buffer =>
  sealOf('paper', canonical(says))

const saysSame = ({ paper, paperSays }: Kept, answer: Answer): boolean =>
  paper === answer.form && paperSays !== null && paperSays.equals(sealed(answer))

/** From when a yes on paper counts its days: since it was first written down after it was signed. Putting it right makes it no longer. */
const sinceWhen = (known: readonly Kept[], { form, signed }: Answer, now: Date): Date =>
  known.find(({ paper, created }) => paper === form && dayOf(created, 'UTC') >= signed)?.created ?? now

/** A form is good on its last day as well, and every page says that day. */
const lastsUntil = ({ ends }: Answer): number =>
  ends === null ? Infinity : Date.parse(`${ends}T23:59:59.999Z`)

async function noDraft(trx: Trx, person: Id, { form, enteredBy, entered }: Answer): Promise<Draft> {
  const objection = randomUUID()
  const whose = 'decider' as const
  await trx
    .insertInto('objections')
    .values({ id: objection, person, version: null, surface: null, whose, paper: form, at: entered })
    .execute()
  const facts: Facts = { kind: 'objected', objection, person, surface: null, version: null, whose }
  return { facts, by: enteredBy ?? 'site' }
}

type Yes = { person: Id; answer: Answer; after: readonly Id[]; since: Date }

async function yesDrafts(trx: Trx, { person, answer, after, since }: Yes, now: Date): Promise<Draft[]> {
  const route = answer.route as Route
  const by = answer.enteredBy ?? 'site'
  const permission = randomUUID()
  const about: About = { kind: paperKind, organisation: answer.organisation, surface: null, version: null }
  const term = await termOf(trx, route, answer.organisation, since)
  const starts = now.getTime()
  const ends = Math.min(term.ends, lastsUntil(answer))
  if (ends <= starts) return []
  const scope = scopeOf(answer)
  const asked = { permission, person, surface: null, about, route, scope, ...term, starts, ends }
  await keepPermission(trx, { ...asked, by, paper: answer.form, paperSays: sealed(answer) }, now)
  const { drafts, answered } =
    route === 'parents' ? await signedByParents(trx, { person, permission, answer, by }, now) : nothing
  const records = await recordsFor(trx, person)
  const given: Facts = {
    kind: 'given',
    permission,
    person,
    surface: null,
    scope,
    seen: null,
    assent: null,
    after,
    form: null,
    signed: Date.parse(`${answer.signed}T00:00:00Z`),
    ...records,
  }
  return [{ facts: { kind: 'requested', ...asked }, by }, ...drafts, ...answered, { facts: given, by }]
}
const nothing: { drafts: Draft[]; answered: Draft[] } = { drafts: [], answered: [] }

function scopeOf(answer: Answer): Scope {
  const { modes } = answer
  return {
    circle: reachOf(answer),
    purposes: answer.purposes,
    modifiers: [...new Set(modes.flatMap((mode) => modifierOf[mode] ?? []))],
    modes,
  }
}

type Signed = { person: Id; permission: Id; answer: Answer; by: Hand }

/** Whoever signed for a child is known to hold parental responsibility; one signature is one holder's, and those of all are everybody's. */
async function signedByParents(
  trx: Trx,
  { person, permission, answer, by }: Signed,
  now: Date,
): Promise<{ drafts: Draft[]; answered: Draft[] }> {
  const { drafts, holders } = await holderDrafts(trx, { person, signer: answer.byWhom, by }, now)
  const circle = scopeOf(answer).circle
  return {
    drafts,
    answered: holders.map((holder): Draft => ({
      facts: { kind: 'answered', permission, person, holder, answer: 'yes', circle },
      by,
    })),
  }
}

/** Answers the newest records that a decision by somebody else rests on. */
export async function recordsFor(
  trx: Trx,
  person: Id,
): Promise<{ authority: Id | null; capacity: Id | null; bestInterests: Id | null }> {
  const rows = await trx
    .selectFrom('records')
    .select(['id', 'kind'])
    .where('person', '=', person)
    .where('ended', 'is', null)
    .orderBy('created', 'desc')
    .limit(100)
    .execute()
  const newest = (kind: string): Id | null => rows.find((row) => row.kind === kind)?.id ?? null
  return {
    authority: newest('authority'),
    capacity: newest('capacity'),
    bestInterests: newest('best-interests'),
  }
}
