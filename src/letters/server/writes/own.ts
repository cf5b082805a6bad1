import { hasEnded, hasLeft, type DeliveryState } from '#letters/delivery.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { wayOf, type Told } from '#letters/own.ts'
import { letterBy, type OwnDelivery } from '#letters/server/reads/own.ts'
import { officesBy } from '#letters/server/reads/offices.ts'
import { isLeftAlone } from '#letters/server/writes/begin.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Of = { token: string; delivery: string }

async function ownDelivery(trx: Trx, { token, delivery }: Of): Promise<OwnDelivery> {
  const letter = await letterBy(trx, token)
  const found = letter?.deliveries.find((one) => one.id === delivery)
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

/** Writes down that letters were made as a file. What was made before, or has left, stays as it is. */
export async function tellMade(
  db: Db,
  _viewer: Viewer,
  input: { token: string; deliveries: readonly string[] },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const delivery of input.deliveries) {
      const { id, channel, state } = await ownDelivery(trx, { token: input.token, delivery })
      const onPaper = channel === 'post' || channel === 'hand'
      // One that is being sent from here, or waits for that, is only printed besides.
      if (
        hasLeft(state) ||
        state === 'no-address' ||
        (onPaper ? madeBefore.includes(state) : state !== 'planned')
      )
        continue
      await moveDelivery(
        trx,
        id,
        { state: 'made', evidence: 'seen', ...(!onPaper && { channel: 'post' }) },
        now,
      )
    }
  })
}

const mayTakeAddress = (state: DeliveryState): boolean => state === 'no-address' || hasEnded(state)

/** Looks whether the directory knows by now how an office is reached, and lets its letter go on. Refuses with "conflict" while it does not. */
export async function lookForAddress(db: Db, _viewer: Viewer, input: Of, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const waits = await ownDelivery(trx, input)
    if (!mayTakeAddress(waits.state)) return
    const [office] = waits.ref === null ? [] : await officesBy(trx, [waits.ref], now)
    if (!office || (office.address === null && office.email === null))
      throw new Refusal('conflict', 'letters.still-none')
    await refuseLeftAlone(trx, { ...office, label: waits.office ?? office.label })
    const contact = office.address === null ? office.contact.email : office.contact.address
    await trx
      .updateTable('deliveries')
      .set({ address: office.address, email: office.email, contact })
      .where('id', '=', waits.id)
      .execute()
    const channel = office.address === null ? 'own-mail' : 'post'
    await moveDelivery(trx, waits.id, { state: 'planned', evidence: 'seen', channel }, now)
  })
}

type Given = Of & { officeLines: string[]; officeEmail: string | null }

/** Takes the address that the writer has found, and lets the letter go on. Only while it waits for one, or when it did not arrive. */
export async function giveAddress(db: Db, _viewer: Viewer, input: Given, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const waits = await ownDelivery(trx, input)
    if (!mayTakeAddress(waits.state)) return
    const address = input.officeLines.length > 0 ? input.officeLines : null
    const email = input.officeEmail
    const label = waits.office ?? ''
    await refuseLeftAlone(trx, { post: null, organisation: null, address, email, label })
    await trx.updateTable('deliveries').set({ address, email }).where('id', '=', waits.id).execute()
    const channel = address === null ? 'own-mail' : 'post'
    await moveDelivery(trx, waits.id, { state: 'planned', evidence: 'said', channel }, now)
  })
}

type Reached = Parameters<typeof isLeftAlone>[1] & { label: string }

async function refuseLeftAlone(trx: Trx, office: Reached): Promise<void> {
  if (await isLeftAlone(trx, office))
    throw new Refusal('conflict', 'letters.left-alone', { office: office.label })
}
