import type { Event, Facts, Id } from '#consent/events.ts'
import { keepInLedger } from '#consent/server/ledger.ts'
import { eventsOf, type Scope } from '#consent/server/load.ts'
import { append, lockConsent, type Draft, type Written } from '#consent/server/log.ts'
import { unknownRules } from '#consent/server/rules.ts'
import { seenBefore, tellWhoPosted } from '#consent/server/said-no.ts'
import { lapsed, pieces, settle } from '#consent/server/settle.ts'
import type { Trx } from '#platform/server/db.ts'

/** What happened, and what it may concern. */
export type Happening = Scope & { drafts: readonly Draft[] }

/** Writes down what happened, makes anew what may be seen, and appends what narrows to the ledger, all in the caller's transaction and before it ends. The only way anything about permission changes. */
export async function happened(trx: Trx, happening: Happening, now: Date): Promise<Written[]> {
  await lockConsent(trx)
  const { drafts, people } = happening
  const scope = { surfaces: [...new Set(happening.surfaces)], people: [...new Set(people)] }
  const first: Draft[] = []
  const policies: Event[] = []
  const organisations = new Set(organisationsIn(drafts.map(({ facts }) => facts)))
  for (const piece of pieces(scope)) {
    const known = await eventsOf(trx, piece)
    // What ran out by itself comes back by a person too, so it is stopped before anything could bring it back.
    first.push(...lapsed(known, piece.surfaces, now))
    policies.push(...known.filter(({ kind }) => kind === 'policy'))
    organisationsIn(known).forEach((organisation) => organisations.add(organisation))
  }
  const known = [...policies, ...drafts.map(({ facts }) => facts)]
  first.push(...(await unknownRules(trx, [...organisations], known, now)))
  const before = await seenBefore(trx, drafts, scope.surfaces)
  const written = await append(trx, [...first, ...drafts], now)
  written.push(...(await settle(trx, scope, now)))
  await tellWhoPosted(trx, before, now)
  await keepInLedger(trx, written)
  return written
}

const organisationsIn = (facts: readonly Facts[]): Id[] =>
  facts.flatMap((one) =>
    (one.kind === 'placed' || one.kind === 'person') && one.organisation !== null ? [one.organisation] : [],
  )
