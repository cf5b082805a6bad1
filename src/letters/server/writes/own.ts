import { hasEnded, hasLeft, mayBePosted, type DeliveryState } from '#letters/delivery.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { wayOf, type Told } from '#letters/own.ts'
import { letterBy, type OwnDelivery } from '#letters/server/reads/own.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import { isLeftAlone, leftAloneAmong, type Reached } from '#letters/server/reads/do-not-write.ts'
import { moveDeliveries, moveDelivery } from '#letters/server/writes/move.ts'
import { openLetter } from '#letters/server/writes/open-letter.ts'
import { isKnownBroken } from '#letters/server/reads/reached.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Of = { token: string; delivery: string }

async function ownDelivery(trx: Trx, { token, delivery }: Of): Promise<OwnDelivery> {
  const letter = await letterBy(trx, token)
  const found = letter?.deliveries.find((one) => one.id === delivery)
  if (!found) throw missing()
  return found
}

/** Locked and whole: what is erased takes no address any more. */
async function unerasedDelivery(trx: Trx, { token, delivery }: Of): Promise<OwnDelivery> {
  const letter = await openLetter(trx, token)
  if (letter.erased !== null) throw new Refusal('conflict', 'letters.erased-before')
  const found = letter.deliveries.find((one) => one.id === delivery)
  if (!found) throw missing()
  return found
}

/** Writes down what the writer says: that it was posted, handed over, came back, was opened in their own mail program, or sent from there. Idempotent; refuses with "conflict" what cannot follow. */
export async function tellMove(db: Db, _viewer: Viewer, input: Of & { to: Told }, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { id } = await ownDelivery(trx, input)
    const channel = wayOf(input.to)
    await moveDelivery(trx, id, { state: input.to, evidence: 'said', ...(channel && { channel }) }, now)
  })
}

const madeBefore: readonly DeliveryState[] = ['made', 'printed']

async function ownDeliveries(trx: Trx, token: string, ids: readonly string[]): Promise<OwnDelivery[]> {
  const letter = await letterBy(trx, token)
  const wanted = new Set(ids)
  const found = letter?.deliveries.filter(({ id }) => wanted.has(id)) ?? []
  if (found.length < wanted.size) throw missing()
  return found
}

const onPaperNow = ({ channel }: OwnDelivery): boolean => channel === 'post' || channel === 'hand'

/** Writes down that letters were made as a file. What was made before, or has left, stays as it is. */
export async function tellMade(
  db: Db,
  _viewer: Viewer,
  input: { token: string; deliveries: readonly string[] },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const made = (await ownDeliveries(trx, input.token, input.deliveries)).filter(
      (one) =>
        !hasLeft(one.state) &&
        one.state !== 'no-address' &&
        // One that is being sent from here, or waits for that, is only printed besides.
        (onPaperNow(one) ? !madeBefore.includes(one.state) : one.state === 'planned'),
    )
    const ids = (which: readonly OwnDelivery[]) => which.map(({ id }) => id)
    const move = { state: 'made', evidence: 'seen' } as const
    await moveDeliveries(trx, ids(made.filter(onPaperNow)), move, now)
    const turned = made.filter((one) => !onPaperNow(one))
    await moveDeliveries(trx, ids(turned), { ...move, channel: 'post' }, now)
  })
}

type All = { token: string; to: 'posted' | 'handed-over'; delivery: readonly string[] }

/** Writes down that many letters were posted, or handed over, at once: those named, or all that have an address and are on paper or planned. What has left, or goes another way, stays as it is. Idempotent. */
export async function tellAll(db: Db, _viewer: Viewer, input: All, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const letter = await letterBy(trx, input.token)
    if (!letter) throw missing()
    const wanted = new Set(input.delivery)
    const all = letter.deliveries.filter(
      (one) => one.address !== null && mayBePosted(one.state) && (wanted.size === 0 || wanted.has(one.id)),
    )
    const channel = wayOf(input.to)
    const move = { state: input.to, evidence: 'said' as const, ...(channel && { channel }) }
    await moveDeliveries(
      trx,
      all.map(({ id }) => id),
      move,
      now,
    )
  })
}

const mayTakeAddress = (state: DeliveryState): boolean => state === 'no-address' || hasEnded(state)

/** Looks whether the directory knows by now how an office is reached, and lets its letter go on. Refuses with "conflict" while it does not. */
export async function lookForAddress(db: Db, _viewer: Viewer, input: Of, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const waits = await unerasedDelivery(trx, input)
    if (!mayTakeAddress(waits.state)) return
    const [office] = waits.ref === null ? [] : await officesBy(trx, [waits.ref], now)
    if (!office || (office.address === null && office.email === null))
      throw new Refusal('conflict', 'letters.still-none')
    await refuseLeftAlone(trx, { ...office, label: waits.office ?? office.label })
    await goOn(trx, [{ id: waits.id, office }], now)
  })
}

/** Looks whether the directory knows by now how the offices are reached whose letters wait, and lets those go on of which it does; one that asked not to be written to waits. Idempotent. */
export async function lookForAll(
  db: Db,
  _viewer: Viewer,
  input: { token: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const letter = await letterBy(trx, input.token)
    if (!letter) throw missing()
    if (letter.erased !== null) throw new Refusal('conflict', 'letters.erased-before')
    const waits = letter.deliveries.filter((one) => one.state === 'no-address' && one.ref !== null)
    const refs = [...new Set(waits.flatMap((one) => one.ref ?? []))]
    const known = (await officesBy(trx, refs, now)).filter((one) => one.address ?? one.email)
    const alone = await leftAloneAmong(trx, known)
    const found = new Map(known.filter((one) => !alone.has(one)).map((one) => [one.ref, one]))
    const going = waits.flatMap(({ id, ref }) => {
      const office = found.get(ref ?? '')
      return office ? [{ id, office }] : []
    })
    await goOn(trx, going, now)
  })
}

async function goOn(trx: Trx, going: readonly { id: string; office: Office }[], now: Date): Promise<void> {
  const channelOf = ({ address }: Office) => (address === null ? 'own-mail' : 'post')
  for (const { id, office } of going) {
    const { address, email } = office
    const contact = address === null ? office.contact.email : office.contact.address
    await trx.updateTable('deliveries').set({ address, email, contact }).where('id', '=', id).execute()
  }
  for (const channel of ['post', 'own-mail'] as const) {
    const ids = going.flatMap(({ id, office }) => (channelOf(office) === channel ? [id] : []))
    await moveDeliveries(trx, ids, { state: 'planned', evidence: 'seen', channel }, now)
  }
}

type Given = Of & { officeLines: string[]; officeEmail: string | null }

/** Takes the address that the writer has found, and lets the letter go on: while it waits for one, when it did not arrive, or, where they typed it, until it has left. Refuses, at its field, an e-mail of which we know that it does not work, and with "conflict" what is erased. */
export async function giveAddress(db: Db, _viewer: Viewer, input: Given, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const waits = await unerasedDelivery(trx, input)
    const corrects = waits.ref === null && mayBePosted(waits.state)
    if (!mayTakeAddress(waits.state) && !corrects) return
    const address = input.officeLines.length > 0 ? input.officeLines : null
    const email = input.officeEmail
    const label = waits.office ?? ''
    if (email !== null && (await isKnownBroken(trx, email)))
      throw new Refusal('invalid', 'letters.waits.broken', {}, 'officeEmail')
    await refuseLeftAlone(trx, { post: null, organisation: null, address, email, label })
    await trx.updateTable('deliveries').set({ address, email }).where('id', '=', waits.id).execute()
    const channel = address === null ? 'own-mail' : 'post'
    if (corrects && (address !== null || !onPaperNow(waits))) return
    await moveDelivery(trx, waits.id, { state: 'planned', evidence: 'said', channel }, now)
  })
}

async function refuseLeftAlone(trx: Trx, office: Reached & { label: string }): Promise<void> {
  if (await isLeftAlone(trx, office))
    throw new Refusal('conflict', 'letters.left-alone', { office: office.label })
}
