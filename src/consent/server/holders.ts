import { randomUUID } from 'node:crypto'
import type { Hand, Id, RecordFacts } from '#consent/events.ts'
import { holdsByPaper, holderSorts, type HolderSort } from '#consent/holder.ts'
import type { Draft } from '#consent/server/log.ts'
import { textIn } from '#kernel/messages.ts'
import type { Signer } from '#organisations/paper.ts'
import type { Trx } from '#platform/server/db.ts'

type Holder = { record: Id; holder: Id; label: string; as: HolderSort }

/** Answers who is known to hold parental responsibility for somebody. */
export async function knownHolders(trx: Trx, person: Id): Promise<Holder[]> {
  const rows = await trx
    .selectFrom('records')
    .select(['id', 'facts'])
    .where('person', '=', person)
    .where('kind', '=', 'holder')
    .where('ended', 'is', null)
    .orderBy('created')
    .limit(20)
    .execute()
  return rows.map(({ id, facts }) => {
    const { holder, label, as } = facts as { holder: Id; label: string; as: HolderSort }
    return { record: id, holder, label, as }
  })
}

type NewHolder = { person: Id; label: string; as: HolderSort; by: Hand; holder?: Id }

/** Keeps one more who holds parental responsibility, by what they are called here ("mother"); or (`holder`) by which right somebody does who is known already. */
export async function addHolder(
  trx: Trx,
  { person, label, as, by, holder = randomUUID() }: NewHolder,
  now: Date,
): Promise<{ holder: Id; draft: Draft }> {
  const record = randomUUID()
  const facts: RecordFacts = { type: 'holder', holder, as }
  await trx
    .insertInto('records')
    .values({ id: record, kind: 'holder', person, facts: JSON.stringify({ ...facts, label }), created: now })
    .execute()
  return { holder, draft: { facts: { kind: 'record', record, person, facts }, by } }
}

/** Keeps that these are all who are known to hold parental responsibility, as whoever keeps the records says it. Idempotent. */
export async function sayAllKnown(
  trx: Trx,
  { person, account, by }: { person: Id; account: Id | null; by: Hand },
  now: Date,
): Promise<Draft[]> {
  const said = await trx
    .selectFrom('records')
    .select('id')
    .where('person', '=', person)
    .where('kind', '=', 'holders-all')
    .where('ended', 'is', null)
    // Somebody who says so stands for it, also when a form on paper had said it before.
    .$if(account !== null, (query) => query.where('byAccount', 'is not', null))
    .limit(1)
    .executeTakeFirst()
  if (said) return []
  const record = randomUUID()
  const facts: RecordFacts = { type: 'holders-all' }
  const row = { id: record, kind: facts.type, person, facts: JSON.stringify(facts), byAccount: account }
  await trx
    .insertInto('records')
    .values({ ...row, created: now })
    .execute()
  return [{ facts: { kind: 'record', record, person, facts }, by }]
}

/** Ends that these are all who are known, where only a form on paper had said it: no form says so any more. */
export async function endAllKnown(trx: Trx, person: Id, now: Date): Promise<Draft[]> {
  const rows = await trx
    .updateTable('records')
    .set({ ended: now })
    .where('person', '=', person)
    .where('kind', '=', 'holders-all')
    .where('ended', 'is', null)
    .where('byAccount', 'is', null)
    .returning('id')
    .execute()
  return rows.map(({ id }): Draft => ({ facts: { kind: 'record-ended', record: id, person }, by: 'site' }))
}

/** What a holder is called of whom only a form on paper is known, in words as somebody who writes it down would choose them. */
const calledBy = (signer: Signer): string => textIn('en')(`organisations.signed.${signer}`)

/** Answers whose signature a form on paper carries: one parent's is one holder's, "all parents" everybody's who is known; somebody nobody knew yet becomes known. */
export async function holderDrafts(
  trx: Trx,
  { person, signer, by }: { person: Id; signer: Signer; by: Hand },
  now: Date,
): Promise<{ drafts: Draft[]; holders: Id[] }> {
  const known = await knownHolders(trx, person)
  const all = signer === 'all-parents' ? await sayAllKnown(trx, { person, account: null, by }, now) : []
  if (signer === 'all-parents' && known.length > 0) {
    return { drafts: all, holders: known.map(({ holder }) => holder) }
  }
  const called = calledBy(signer)
  const same = known.find(({ label }) => label === called)
  if (same) return { drafts: [], holders: [same.holder] }
  const as = holderSorts.find((sort) => sort === signer && holdsByPaper(sort)) ?? 'parent'
  const { holder, draft } = await addHolder(trx, { person, label: called, as, by }, now)
  return { drafts: [draft, ...all], holders: [holder] }
}
