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
  const offices = new Map(
    (await officesBy(trx, [...new Set(waiting.map(refOf))], now)).map((one) => [one.ref, one]),
  )
  let gone = 0
  for (const delivery of waiting) {
    const office = offices.get(refOf(delivery))
    if (!office || (office.address === null && office.email === null)) continue
    await address(trx, delivery, office, now)
    gone += 1
  }
  return gone
}

/** Whoever holds the post now is written to; a letter to a person in no post goes to the person. */
const refOf = ({ post, person, organisation }: Waiting): string =>
  post !== null ? `post:${post}` : person !== null ? `person:${person}` : `organisation:${organisation}`

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
    params: { office: office.label, link: letterLink(letter) },
    urgency: 'answer',
    due: now,
  })
}
