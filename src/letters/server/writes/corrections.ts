import * as v from 'valibot'
import {
  madeBy,
  refOf,
  sourceIn,
  type AcceptInput,
  type Before,
  type CorrectionInput,
} from '#letters/correction.ts'
import { mayBecome, type ContactState } from '#letters/directory.ts'
import { mayCorrectDirectory } from '#letters/may.ts'
import { officePage } from '#letters/server/reads/directory.ts'
import { addressWaiting } from '#letters/server/writes/address-waiting.ts'
import { email as emailShape } from '#kernel/input.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { addDays } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse } from '#platform/server/rates.ts'

/** Keeps what somebody says is wrong about an office, for a role to look at; changes nothing by itself. Twenty in an hour from one place. The second press keeps it once. */
export const proposeCorrection = (
  db: Db,
  _viewer: Viewer,
  input: CorrectionInput & { from?: string },
  now: Date,
): Promise<{ id: string }> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'directory-correction', input.formKey, async () => {
      if (input.from !== undefined) {
        await countOrRefuse(trx, { name: 'correction', of: input.from, most: 20, minutes: 60 }, now)
      }
      const { contacts } = await officePage(trx, input.ref, now)
      if (input.contact !== null && !contacts.some((one) => one.id === input.contact))
        throw new Refusal('invalid', 'input.choose', {}, 'contact')
      const [sort = '', id = ''] = input.ref.split(':')
      return trx
        .insertInto('directoryCorrections')
        .values({
          person: sort === 'person' ? id : null,
          post: sort === 'post' ? id : null,
          organisation: sort === 'organisation' ? id : null,
          contact: input.contact,
          words: input.words,
          evidence: input.evidence,
          email: input.email,
          created: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
    }),
  )

async function lockOpen(trx: Trx, viewer: Viewer, id: string) {
  if (!mayCorrectDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const row = await trx
    .selectFrom('directoryCorrections')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing()
  if (row.state !== 'proposed') throw new Refusal('conflict', 'directory.decided')
  return row
}

/** Whoever said it is forgotten once it is decided. */
const decide = (
  trx: Trx,
  viewer: Viewer,
  { id, state }: { id: string; state: 'accepted' | 'declined' },
  now: Date,
) =>
  trx
    .updateTable('directoryCorrections')
    .set({ state, decided: now, decidedBy: viewer.account, email: null })
    .where('id', '=', id)
    .execute()

/** Declines what somebody said is wrong: nothing changes. */
export const declineCorrection = (
  db: Db,
  viewer: Viewer,
  { id }: { id: string },
  now: Date,
): Promise<{ gone: number }> =>
  inTransaction(db, async (trx) => {
    await lockOpen(trx, viewer, id)
    await decide(trx, viewer, { id, state: 'declined' }, now)
    await writeDown(trx, viewer, { action: 'directory.declined', subject: `directory-corrections:${id}` })
    return { gone: 0 }
  })

/** Accepts what somebody said is wrong: writes the new address, e-mail or telephone with where it comes from, in place of the one it is about or beside all others, or ends who has left. Letters that waited for an address go on, and their writers are told. Answers how many went on. */
export const acceptCorrection = (
  db: Db,
  viewer: Viewer,
  input: AcceptInput,
  now: Date,
): Promise<{ gone: number }> =>
  inTransaction(db, async (trx) => {
    const found = await lockOpen(trx, viewer, input.id)
    const { person, post } = found
    const today = now.toISOString().slice(0, 10)
    const { outcome } = input
    let before: Before = {}
    if (outcome === 'left') before = await endHolders(trx, { person, post }, addDays(today, -1))
    else if (outcome !== 'noted') {
      const old = await replaced(trx, found, { contact: input.contact, type: outcome }, now)
      if (old) before = { contact: old.state }
      const source = input.source ?? sourceIn(found.evidence)
      const whose = old ?? found
      await writeContact(trx, { ...whose, id: input.id, type: outcome, value: valueOf(input), source }, today)
    }
    const contact = outcome === 'left' || outcome === 'noted' ? found.contact : input.contact
    await trx
      .updateTable('directoryCorrections')
      .set({ outcome, contact, before: JSON.stringify(before) })
      .where('id', '=', input.id)
      .execute()
    await decide(trx, viewer, { id: input.id, state: 'accepted' }, now)
    await writeDown(trx, viewer, {
      action: 'directory.accepted',
      subject: `directory-corrections:${input.id}`,
      details: { outcome },
    })
    return { gone: await addressWaiting(trx, now) }
  })

function valueOf({ outcome, value }: AcceptInput): string {
  if (outcome !== 'email') return value ?? ''
  const read = v.safeParse(emailShape, value ?? '')
  if (!read.success) throw new Refusal('invalid', 'input.email', {}, 'value')
  return read.output
}

async function endHolders(
  trx: Trx,
  { person, post }: { person: string | null; post: string | null },
  last: string,
): Promise<Before> {
  if (person === null && post === null) throw new Refusal('conflict', 'directory.nobody-left', {}, 'outcome')
  const held = await trx
    .selectFrom('directoryMemberships')
    .select(['id', 'person', 'endDate'])
    .where(person === null ? 'post' : 'person', '=', person ?? post ?? '')
    .where((on) => on.or([on('endDate', 'is', null), on('endDate', '>', last)]))
    .forUpdate()
    .execute()
  if (new Set(held.map((one) => one.person)).size > 1) {
    throw new Refusal('conflict', 'directory.several-hold', {}, 'outcome')
  }
  await trx
    .updateTable('directoryMemberships')
    .set({ endDate: last })
    .where('id', 'in', ['00000000-0000-0000-0000-000000000000', ...held.map(({ id }) => id)])
    .execute()
  return { last, ended: Object.fromEntries(held.map(({ id, endDate }) => [id, endDate])) }
}

type Whose = { person: string | null; post: string | null; organisation: string | null }
type Old = Whose & { state: ContactState }

/** Sets aside the one way to reach an office that something is about, and answers it; null when it is about none of them. */
async function replaced(
  trx: Trx,
  found: Whose,
  { contact, type }: { contact: string | null; type: string },
  now: Date,
): Promise<Old | null> {
  if (contact === null) return null
  const { contacts } = await officePage(trx, refOf(found), now)
  const known = contacts.find((one) => one.id === contact && one.type === type)
  if (!known || !mayBecome(known.state, 'replaced')) {
    throw new Refusal('invalid', 'directory.other-sort', {}, 'contact')
  }
  const whose = await trx
    .updateTable('directoryContacts')
    .set({ state: 'replaced' })
    .where('id', '=', contact)
    .returning(['person', 'post', 'organisation'])
    .executeTakeFirstOrThrow()
  return { ...whose, state: known.state }
}

type New = Whose & { id: string; type: 'address' | 'email' | 'voice'; value: string; source: string | null }

const writeContact = (trx: Trx, one: New, today: string) =>
  trx
    .insertInto('directoryContacts')
    .values({
      key: madeBy(one.id),
      person: one.person,
      post: one.post,
      organisation: one.organisation,
      type: one.type,
      value: one.value,
      source: one.source,
      confirmed: today,
      state: 'working',
    })
    .execute()

/** Says what was seen of a way to reach somebody; that it works is written down with the day. What was replaced or withdrawn stays so. */
export const sayContact = (
  db: Db,
  viewer: Viewer,
  input: { id: string; ref: string; state: ContactState },
  now: Date,
): Promise<{ ref: string }> =>
  inTransaction(db, async (trx) => {
    if (!mayCorrectDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
    const row = await trx
      .selectFrom('directoryContacts')
      .select('state')
      .where('id', '=', input.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing()
    if (!mayBecome(row.state, input.state)) throw new Refusal('conflict', 'directory.contact-step')
    const works = input.state === 'working'
    await trx
      .updateTable('directoryContacts')
      .set({ state: input.state, ...(works && { confirmed: now.toISOString().slice(0, 10) }) })
      .where('id', '=', input.id)
      .execute()
    await writeDown(trx, viewer, {
      action: 'directory.contact',
      subject: `directory-contacts:${input.id}`,
      details: { state: input.state },
    })
    return { ref: input.ref }
  })
