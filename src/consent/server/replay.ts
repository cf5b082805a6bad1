import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Facts, Id } from '#consent/events.ts'
import { fromLedger, type Entry } from '#consent/ledgered.ts'
import { ledgerPosition, type Position } from '#consent/server/ledger.ts'
import { ledgersThere, onlyLedger, readLedger, type Kept, type Reading } from '#consent/server/ledger-file.ts'
import { surfacesUnder } from '#consent/server/load.ts'
import { append, lockConsent, type Draft } from '#consent/server/log.ts'
import { eraseContent, keepAnswer, keepDeath } from '#consent/server/people-rows.ts'
import { settle } from '#consent/server/settle.ts'
import type { Db, Trx } from '#platform/server/db.ts'

export type Replay = { replayed: number; closed: boolean; why: Position['why'] }

/** What the rooms that own things have to follow: they were put away, or kept for somebody's safety. */
export type Gone = Extract<Entry, { kind: 'put-away' | 'hold' }>
/** Lets the rooms follow what was put back, in the transaction of the replay. Runs twice. */
export type Follow = (trx: Trx, gone: readonly Gone[], now: Date) => Promise<void>

/** Brings what the ledger knows and the database does not (it was restored) back into force; idempotent, and one process at a time. `follow` takes from the rooms what was put away since. Nothing is shown until it has run; a missing or broken ledger keeps it closed, and what can still be read of it hides all the same. */
export const replayLedger = (db: Db, now: Date, follow: Follow): Promise<Replay> =>
  db.transaction().execute(async (trx) => {
    await lockConsent(trx)
    const position = await ledgerPosition(trx)
    // A database that knows of none, beside one that is there, was put back to before its first line.
    const ledger = position.ledger ?? onlyLedger()
    if (ledger === null) {
      return position.why === 'restored' ? close(trx, position, 'missing') : { replayed: 0, ...position }
    }
    const read = await readLedger(ledger)
    // One that was begun after this backup was made says what this one does not know.
    const others = await readOthers(ledger)
    const wrong =
      wrongWith(position, read) || (others.some(({ brokenAt }) => brokenAt !== null) ? 'broken' : '')
    const missing = await unheard(trx, [
      ...(read?.sound ?? []).filter(({ n }) => n > position.n),
      ...others.flatMap(({ sound }) => sound),
    ])
    const replayed = await putBack(trx, missing, now)
    await follow(trx, missing.flatMap(goneOf), now)
    if (wrong !== '') return { ...(await close(trx, position, wrong)), replayed }
    // What was closed for another reason is opened by a person, and until then nothing is taken as read.
    if (position.closed && position.why !== 'restored') return { replayed, closed: true, why: position.why }
    const { n, hash } = read?.sound.at(-1) ?? position
    await trx.updateTable('ledgerPosition').set({ ledger, n, hash, closed: false, why: '' }).execute()
    return { replayed, closed: false, why: '' }
  })

const readOthers = async (ledger: string): Promise<Reading[]> => {
  const others = ledgersThere().filter((one) => one !== ledger)
  const readings = await Promise.all(others.map(readLedger))
  return readings.filter((read) => read !== null)
}

const goneOf = ({ entry }: Kept): Gone[] =>
  entry.kind === 'put-away' || entry.kind === 'hold' ? [entry] : []

/** Closes everything until the ledger has been replayed: for whoever puts a backup into a database, in the same transaction. */
export const closeUntilReplayed = async (trx: Trx): Promise<void> => {
  await trx.updateTable('ledgerPosition').set({ closed: true, why: 'restored' }).execute()
}

/** Lets the next replay open what a missing, broken or behind ledger had closed: whoever asks for it anew has put the ledger right, and only a whole one opens. */
export const askAnew = async (db: Db): Promise<void> => {
  await db.updateTable('ledgerPosition').set({ why: 'restored' }).where('closed', '=', true).execute()
}

/** Answers what is wrong with what was read of a ledger, for a database that has taken it in so far; "" when it can be trusted. */
export function wrongWith({ n, hash, why }: Position, read: Reading | null): Position['why'] {
  if (read && read.brokenAt !== null) return 'broken'
  const [first, last] = [read?.sound[0], read?.sound.at(-1)]
  if (!read || !first || !last) return n > 0 || why === 'restored' ? 'missing' : ''
  if (last.n < n) return 'behind'
  const here = read.sound.find((one) => one.n === n)
  // A file that was begun anew after a loss does not tell what was lost.
  if (!here && first.n > 1) return 'missing'
  return here && here.hash !== hash ? 'broken' : ''
}

async function close(trx: Trx, position: Position, why: Position['why']): Promise<Replay> {
  if (why === '') return { replayed: 0, closed: position.closed, why: position.why }
  await trx.updateTable('ledgerPosition').set({ closed: true, why }).execute()
  return { replayed: 0, closed: true, why }
}

/** Answers an id made of others, so that doing something twice does it once. */
function idOf(...words: readonly string[]): Id {
  const hex = createHash('sha256').update(words.join(' ')).digest('hex')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5')
}

async function putBack(trx: Trx, kept: readonly Kept[], now: Date): Promise<number> {
  if (kept.length === 0) return 0
  const touched = await touchedBy(trx, kept)
  const surfaces = new Set<Id>()
  const people = new Set<Id>()
  const drafts = kept.flatMap(({ entry }): Draft[] => {
    const found = touched(entry)
    if (entry.kind !== 'put-away') found.forEach((surface) => surfaces.add(surface))
    if (entry.kind !== 'changed' && 'person' in entry && entry.person !== null) people.add(entry.person)
    const stops = found.map((surface) => ({ surface, stop: idOf(entry.id, surface) }))
    return fromLedger(entry, stops).map((facts) => {
      const id = entry.kind === 'changed' && facts.kind === 'stopped' ? facts.stop : entry.id
      return { facts, by: entry.by, id }
    })
  })
  const known = await knownOf(
    trx,
    drafts.map(({ id }) => id),
  )
  const fresh = drafts.filter(({ id }) => !known.has(id ?? ''))
  await append(trx, fresh, now)
  await keepRows(
    trx,
    fresh.map(({ facts }) => facts),
    now,
  )
  await settle(trx, { surfaces: [...surfaces], people: [...people] }, now)
  return fresh.length
}

/** Answers which of these this database has had. */
async function knownOf(trx: Trx, ids: readonly (Id | undefined)[]): Promise<Set<Id>> {
  const rows = await sql<{ id: Id }>`
    select id from consent_events where id = any(${ids}::uuid[])`.execute(trx)
  return new Set(rows.rows.map(({ id }) => id))
}

/** Answers the lines of what this database has not had itself: what was put back since, or taken away again, stays as it is. */
async function unheard(trx: Trx, kept: readonly Kept[]): Promise<Kept[]> {
  const known = await knownOf(
    trx,
    kept.map(({ entry }) => entry.id),
  )
  return kept.filter(({ entry }) => !known.has(entry.id))
}

/** Answers how to find the surfaces that an entry concerns; of a change, only those that this database knows. */
async function touchedBy(trx: Trx, kept: readonly Kept[]): Promise<(entry: Entry) => readonly Id[]> {
  const named = (name: 'surface' | 'person' | 'organisation'): Id[] => [
    ...new Set(
      kept.flatMap(({ entry }) => {
        const id: unknown = name in entry ? entry[name as keyof Entry] : null
        return typeof id === 'string' ? [id] : []
      }),
    ),
  ]
  const there = await sql<{ id: Id }>`
    select id from surfaces where id = any(${named('surface')}::uuid[])`.execute(trx)
  const known = new Set(there.rows.map(({ id }) => id))
  const by = new Map<Id, Id[]>()
  const shown = await sql<{ person: Id; surface: Id }>`
    select distinct person, surface from appearances where person = any(${named('person')}::uuid[])`.execute(
    trx,
  )
  for (const { person, surface } of shown.rows) by.set(person, [...(by.get(person) ?? []), surface])
  for (const organisation of named('organisation'))
    by.set(organisation, await surfacesUnder(trx, organisation))
  return (entry) => {
    if (entry.kind === 'changed') {
      if (entry.surface !== null) return known.has(entry.surface) ? [entry.surface] : []
      return by.get(entry.person ?? entry.organisation ?? '') ?? []
    }
    const surface = 'surface' in entry ? entry.surface : null
    if (surface !== null) return [surface]
    return 'person' in entry && entry.person !== null ? (by.get(entry.person) ?? []) : []
  }
}

/** Makes the rows again that others read of what was put back, as far as what they name is there. */
async function keepRows(trx: Trx, all: readonly Facts[], now: Date): Promise<void> {
  const objections = all.filter((facts) => facts.kind === 'objected')
  await sql`
    insert into objections (id, person, version, surface, whose, at)
    select x.objection, x.person, x.version, x.surface, x.whose, ${now}
    from jsonb_to_recordset(${JSON.stringify(objections)}::jsonb)
      as x(objection uuid, person uuid, version uuid, surface uuid, whose text)
    where (x.person is null or exists (select from people_shown p where p.id = x.person))
      and (x.version is null or exists (select from versions v where v.id = x.version))
    on conflict do nothing`.execute(trx)
  const holds = all.filter((facts) => facts.kind === 'hold')
  await sql`
    insert into holds (id, surface, openers, until, created)
    select x.hold, x.surface, x.openers, to_timestamp(x.until / 1000.0), ${now}
    from jsonb_to_recordset(${JSON.stringify(holds)}::jsonb)
      as x(hold uuid, surface uuid, openers uuid[], until double precision)
    on conflict do nothing`.execute(trx)
  for (const facts of all) {
    if (facts.kind === 'died') await keepDeath(trx, facts.person, now)
    if (facts.kind === 'steward-said') await keepAnswer(trx, facts, now)
    if (facts.kind === 'forgotten') await eraseContent(trx, facts.person, now)
  }
}
