import { guestCalendar } from '#activities/server/guest-calendar.ts'
import {
  guestFacts,
  guestsBy,
  guestWord,
  sealedIfHeld,
  titleForGuest,
  type Guest,
} from '#activities/server/reads/rsvp.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhereTo } from '#activities/where.ts'
import { textIn, type MessageParams } from '#kernel/messages.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { queueMail, type MailName } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'

export type GuestMail = {
  name: MailName
  /** What makes this mail one of its kind; the guest's id is added. */
  key: string
  /** Answers to a press, and what a guest waits for, go at once; the rest is a notice: one a day. */
  urgency: 'answer' | 'notice'
  params?: MessageParams
  useless?: Date
  /** Send the calendar file with it. */
  calendar?: boolean
}

/** Answers the address of a guest's own page. */
export const guestLink = (rsvp: string): string => `${siteAddress(readConfig())}/come/${guestWord(rsvp)}`

/** Queues a mail to one guest. Never to people of the example, to somebody forgotten, or a notice to somebody who wants none; nor a notice about an example activity. Of what is held for somebody's safety it says only when. Idempotent by key. */
export async function mailGuest(trx: Trx, guest: Guest, mail: GuestMail, now: Date): Promise<void> {
  const { rsvp, occurrence, monday } = guest
  const activity = sealedIfHeld(guest.activity)
  if (rsvp.example || rsvp.email === null) return
  if (mail.urgency === 'notice' && (rsvp.quiet || activity.example)) return
  const say = { text: textIn(rsvp.language), language: rsvp.language }
  await queueMail(trx, {
    key: `${mail.key}:${rsvp.id}`,
    address: rsvp.email,
    name: mail.name,
    language: rsvp.language,
    urgency: mail.urgency,
    due: now,
    ...(mail.useless && { useless: mail.useless }),
    ...(mail.calendar && { calendar: guestCalendar(guest, now) }),
    params: {
      title: titleForGuest(activity, say.text),
      state: rsvp.state,
      joining: rsvp.joining,
      private: activity.privatePlace ? 'yes' : 'no',
      when: sayDate(occurrence, { zone: activity.zone, monday }, say),
      where: activity.held === null ? sayWhereTo(rsvp.joining, activity, guestFacts(guest, now), say) : '',
      link: guestLink(rsvp.id),
      stopLink: `${guestLink(rsvp.id)}/stop`,
      listLink: `${siteAddress(readConfig())}/activities`,
      ...mail.params,
    },
  })
}

/** Queues the good news to everybody who got a seat by themselves. Last in the transaction that moved them. */
export async function mailMovedUp(trx: Trx, moved: readonly string[], now: Date): Promise<void> {
  for (const guest of await guestsBy(trx, moved)) {
    const key = `rsvp-moved-up:${guest.rsvp.revision}`
    await mailGuest(trx, guest, { name: 'rsvp-moved-up', key, urgency: 'answer', calendar: true }, now)
  }
}
