import type { LinkWish } from '#activities/rsvp.ts'
import { guestLink } from '#activities/server/guest-mail.ts'
import { guestsBy, sealedIfHeld, titleForGuest, type Guest } from '#activities/server/reads/rsvp.ts'
import { sayDate } from '#activities/when.ts'
import { day } from '#kernel/limits.ts'
import { textIn } from '#kernel/messages.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** "Send me a new link": mails the links of everything this address said it would come to, if there is any that ended less than 30 days ago. Says the same either way. */
export async function sendGuestLinks(db: Db, _viewer: Viewer, input: LinkWish, now: Date): Promise<void> {
  await countOrRefuse(db, { name: 'guest-links', of: input.email, most: 5, minutes: 60 }, now)
  await inTransaction(db, (trx) =>
    onceOnly(trx, `guest-links ${keyedHash(input.email)}`, input.formKey, async () => {
      const rows = await trx
        .selectFrom('rsvps')
        .innerJoin('activities', 'activities.id', 'rsvps.activity')
        .select(['rsvps.id', 'rsvps.language'])
        .where('rsvps.email', '=', input.email)
        .where('rsvps.example', '=', false)
        .where('activities.lastEnd', '>', new Date(now.getTime() - 30 * day))
        .orderBy('activities.sortStart')
        .orderBy('rsvps.created')
        .limit(50)
        .execute()
      const [first] = rows
      if (!first) return
      const ids = rows.map(({ id }) => id)
      const guests = new Map((await guestsBy(trx, ids)).map((guest) => [guest.rsvp.id, guest]))
      await queueMail(trx, {
        key: `guest-links:${input.formKey || now.getTime()}:${first.id}`,
        address: input.email,
        name: 'link-again',
        language: first.language,
        urgency: 'answer',
        due: now,
        params: {
          links: ids.flatMap((id) => sayLink(guests.get(id))).join('\n\n'),
          stopLink: `${siteAddress(readConfig())}/come`,
        },
      })
    }),
  )
}

/** Two dates of one activity have the same title. */
function sayLink(guest: Guest | undefined): string[] {
  if (!guest) return []
  const { rsvp, occurrence, monday } = guest
  const activity = sealedIfHeld(guest.activity)
  const say = { text: textIn(rsvp.language), language: rsvp.language }
  const when = sayDate(occurrence, { zone: activity.zone, monday }, say)
  return [`${titleForGuest(activity, say.text)}\n${when}\n${guestLink(rsvp.id)}`]
}
