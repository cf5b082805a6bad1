import type { Office } from '#letters/server/reads/offices.ts'
import { officesBy } from '#letters/server/reads/offices.ts'
import { letterLink } from '#letters/server/writes/begin.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { queueMail } from '#platform/server/mail.ts'
import type { Trx } from '#platform/server/db.ts'

/** So many letters go on in one go; those after them with the next address that is found. */
const atOnce = 500

type Waiting = {
  id: string
  letter: string
  email: string | null
  office: string | null
  person: string | null
  post: string | null
  organisation: string | null
}

/** Lets letters that wait for an address go on to "planned" where the directory has one now, and tells their writers who left an e-mail. Idempotent. Answers how many went on. */
export async function addressWaiting(trx: Trx, now: Date): Promise<number> {
  const waiting = await trx
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select(['d.id', 'd.letter', 'l.email', 'd.office', 'd.person', 'd.post', 'd.organisation'])
    .where('d.state', '=', 'no-address')
    .where('l.erased', 'is', null)
    .where((on) =>
      on.or([
        on('d.person', 'is not', null),
        on('d.post', 'is not', null),
        on('d.organisation', 'is not', null),
      ]),
    )
    .orderBy('d.created')
    .limit(atOnce)
    .execute()
  const known = await officesBy(trx, [...new Set(waiting.flatMap(refsOf))], now)
  const reached = known.filter((one) => one.address !== null || one.email !== null)
  const offices = new Map(reached.map((one) => [one.ref, one]))
  let gone = 0
  for (const delivery of waiting) {
    const [office] = refsOf(delivery).flatMap((ref) => offices.get(ref) ?? [])
    if (!office) continue
    await address(trx, delivery, office, now)
    gone += 1
  }
  return gone
}

/** The person it was written to, else whoever holds the post now, else the body itself when it was written to. */
const refsOf = ({ post, person, organisation }: Waiting): string[] => [
  ...(person === null ? [] : [`person:${person}`]),
  ...(post === null ? [] : [`post:${post}`]),
  ...(person === null && post === null ? [`organisation:${organisation}`] : []),
]

async function address(trx: Trx, { id, letter, email }: Waiting, office: Office, now: Date): Promise<void> {
  const byPost = office.address !== null
  await trx
    .updateTable('deliveries')
    .set({
      address: office.address,
      email: office.email,
      contact: byPost ? office.contact.address : office.contact.email,
    })
    .where('id', '=', id)
    .execute()
  const channel = byPost ? 'post' : 'own-mail'
  await moveDelivery(trx, id, { state: 'planned', evidence: 'seen', channel }, now)
  if (email === null) return
  await queueMail(trx, {
    key: `letter-address:${id}`,
    address: email,
    name: 'letter-address',
    params: { office: office.label, link: letterLink(letter), stopLink: letterLink(letter) },
    urgency: 'answer',
    due: now,
  })
}
