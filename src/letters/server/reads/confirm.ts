import type { DeliveryState } from '#letters/delivery.ts'
import { nextOpening } from '#letters/pace.ts'
import { pausesOf } from '#letters/server/reads/reached.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

export type ToConfirm = {
  revision: number
  title: string
  greeting: string
  words: string
  closing: string
  name: string
  confirmed: boolean
  /** Nobody confirmed it in time. */
  over: boolean
  until: Date
  offices: {
    id: string
    office: string
    state: DeliveryState
    /** When it leaves, or would. */
    due: Date
    zone: string
    pause: string | null
  }[]
}

/** Answers a letter from here as its writer reads it before it goes, and when it would reach each of its offices; null when the word is not, or no longer, that of a letter. */
export async function letterToConfirm(db: Db, word: string, now: Date): Promise<ToConfirm | null> {
  const letter = await db
    .selectFrom('letters')
    .select(['id', 'title', 'words', 'sender', 'revision', 'confirmed', 'confirmBy'])
    .where('confirming', '=', hashToken(word))
    .where('erased', 'is', null)
    .executeTakeFirst()
  const sender = letter?.sender as { name: string; greeting: string; closing: string } | null | undefined
  if (!letter || letter.confirmBy === null || !sender) return null
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'office', 'state', 'due', 'zone', 'organisation'])
    .where('letter', '=', letter.id)
    .where('channel', '=', 'from-here')
    .orderBy('created')
    .orderBy('code')
    .limit(50)
    .execute()
  const offices = await Promise.all(
    rows.map(async ({ id, office, state, due, zone, organisation }) => {
      const opening = nextOpening(now, zone, await pausesOf(db, organisation, now))
      const pause = state === 'confirming' || state === 'queued' ? (opening.pause?.reason ?? null) : null
      return { id, office: office ?? '', state, due: due ?? opening.due, zone, pause }
    }),
  )
  return {
    ...sender,
    revision: letter.revision,
    title: letter.title ?? '',
    words: letter.words ?? '',
    confirmed: letter.confirmed !== null,
    over: letter.confirmed === null && letter.confirmBy <= now,
    until: letter.confirmBy,
    offices,
  }
}
