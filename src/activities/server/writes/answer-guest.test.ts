import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { guestCalendar } from '#activities/server/guest-calendar.ts'
import { readGuestPage } from '#activities/server/reads/guest-page.ts'
import { newcomersOf, readGuests } from '#activities/server/reads/guests.ts'
import { guestByWord } from '#activities/server/reads/rsvp.ts'
import { answerGuest, messageGuests } from '#activities/server/writes/answer-guest.ts'
import { changeSeats, giveSeatBack, takeSeatAgain } from '#activities/server/writes/guest-page.ts'
import { sendGuestLinks } from '#activities/server/writes/guest-links.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { answerAtTable } from '#activities/server/writes/table-answer.ts'
import { anybody } from '#kernel/viewer.ts'
import { inTransaction } from '#platform/server/db.ts'
import { testDatabase } from '../../../../test/db.ts'
import { deliverAll, early, joinAs, queued } from '../../../../test/guests.ts'
import { makeActivity, makeWeek, type ActivityOver } from '../../../../test/make.ts'

const db = await testDatabase()
const later = (minutes: number): Date => new Date(early.getTime() + minutes * 60_000)

beforeAll(async () => {
  await makeWeek(db)
})
beforeEach(async () => {
  for (const table of ['activities', 'mails', 'rateCounts', 'formKeys'] as const) {
    await db.deleteFrom(table).execute()
  }
})

const school: ActivityOver = {
  title: 'Story time',
  privatePlace: true,
  placeName: 'Oak School',
  address: '1 Hidden Lane',
  placeDetails: 'Ring the blue bell',
  hostEmail: 'host@people.org',
  capacity: 1,
}
async function hosted(over: ActivityOver = {}) {
  const made = await makeActivity(db, { ...school, ...over })
  const host = { activity: made.id, email: 'host@people.org', lastEnd: early }
  const link = await inTransaction(db, (trx) => newHostLink(trx, host, early))
  return { ...made, hostToken: link.split('/').at(-1) ?? '' }
}
const pageOf = async (token: string, when = early) =>
  JSON.stringify(await readGuestPage(db, anybody, { token, language: 'en' }, when))
const answer = async (hostToken: string, guestToken: string, yes: boolean, when = early) => {
  const guest = await guestByWord(db, guestToken)
  const input = { token: hostToken, rsvp: guest?.rsvp.id ?? '', reason: yes ? null : 'We are only two' }
  return answerGuest(db, anybody, { ...input, answer: yes ? 'yes' : 'no' }, when)
}
const stateOf = async (token: string) => (await guestByWord(db, token))?.rsvp.state

describe('a private place', () => {
  test('is told to a guest only after the host said yes: page, mails and calendar', async () => {
    const { slug, hostToken } = await hosted()
    const ann = await joinAs(db, slug, 'ann@people.org')
    expect(await stateOf(ann)).toBe('asked')
    const guest = await guestByWord(db, ann)
    const secret = /Oak School|Hidden Lane|blue bell/
    expect(await pageOf(ann)).not.toMatch(secret)
    expect(guest && guestCalendar(guest, early)).not.toMatch(secret)
    await answer(hostToken, ann, true)
    expect(await stateOf(ann)).toBe('going')
    expect(await pageOf(ann)).toMatch(/Oak School.*1 Hidden Lane/)
    const accepted = await guestByWord(db, ann)
    expect(accepted && guestCalendar(accepted, early)).toMatch(/Oak School/)
    await giveSeatBack(db, anybody, { token: ann }, later(5))
    expect(await pageOf(ann)).not.toMatch(secret)
    const letters = await deliverAll(db, later(6))
    const before = letters.filter((letter) => /confirm|asked/.test(letter.subject))
    expect(before.length).toBeGreaterThan(0)
    expect(before.map((letter) => letter.text + letter.calendar).join()).not.toMatch(secret)
    expect(letters.find((letter) => letter.subject.startsWith('Yes, please come'))?.text).toMatch(
      /Oak School/,
    )
    expect(letters.every((letter) => letter.replyTo === null)).toBe(true)
  })

  test('the mails say how to join to whoever joins online, and speak of a private place only where it is one', async () => {
    const { slug, hostToken } = await hosted({
      mode: 'hybrid',
      onlineCapacity: 5,
      joinUrl: 'https://meet.example/x',
      capacity: 5,
    })
    await answer(hostToken, await joinAs(db, slug, 'ann@people.org', { joining: 'online' }), true)
    await answer(hostToken, await joinAs(db, slug, 'bob@people.org', { joining: 'in-person' }), true)
    const hall = await hosted({ privatePlace: false, asksFirst: true })
    await answer(hall.hostToken, await joinAs(db, hall.slug, 'cat@people.org'), true)
    const letters = await deliverAll(db, later(1))
    const to = (address: string) =>
      letters
        .filter((one) => one.to === address)
        .map((one) => one.text)
        .join()
    expect(to('ann@people.org')).toContain('How to join is on your own page')
    // In two mails, which leave beside each other.
    for (const part of ['private place: where exactly', 'people live, learn or work there'])
      expect(to('bob@people.org')).toContain(part)
    for (const address of ['ann@people.org', 'cat@people.org'])
      expect(to(address)).not.toMatch(/exact place|private place|people live/)
  })

  test('a yes when it is full puts them in the line as of when they confirmed', async () => {
    const { slug, hostToken } = await hosted()
    const ann = await joinAs(db, slug, 'ann@people.org')
    const bob = await joinAs(db, slug, 'bob@people.org', { when: later(1) })
    const cat = await joinAs(db, slug, 'cat@people.org', { when: later(2) })
    await answer(hostToken, ann, true, later(3))
    await answer(hostToken, cat, true, later(4))
    await answer(hostToken, bob, true, later(5))
    expect([await stateOf(bob), await stateOf(cat)]).toEqual(['waiting', 'waiting'])
    await giveSeatBack(db, anybody, { token: ann }, later(6))
    expect([await stateOf(bob), await stateOf(cat)]).toEqual(['going', 'waiting'])
    expect(await queued(db)).toContain('rsvp-moved-up → bob@people.org')
  })

  test('a no is passed on with its reason, deletes what they told, and stands when they ask again', async () => {
    const { slug, hostToken } = await hosted()
    const ann = await joinAs(db, slug, 'ann@people.org', { request: 'A hearing loop', agreed: 'on' })
    await answer(hostToken, ann, false)
    await answer(hostToken, ann, false)
    expect(await stateOf(ann)).toBe('not-accepted')
    expect(await db.selectFrom('accessRequests').selectAll().execute()).toEqual([])
    expect(await pageOf(ann)).toContain('We are only two')
    const letters = await deliverAll(db, later(1))
    expect(letters.filter((letter) => letter.text.includes('We are only two'))).toHaveLength(1)
    await expect(answer(hostToken, ann, true)).rejects.toThrow('guests.not-asking')
    await expect(takeSeatAgain(db, anybody, { token: ann }, later(2))).rejects.toThrow('come.no-more')
  })

  test('more people than the host said yes to need a new yes', async () => {
    const { slug, hostToken } = await hosted({ capacity: 5 })
    const ann = await joinAs(db, slug, 'ann@people.org', { seats: '2' })
    await answer(hostToken, ann, true)
    await expect(changeSeats(db, anybody, { token: ann, seats: 3 }, early)).rejects.toThrow(
      'come.accepted-for',
    )
    await changeSeats(db, anybody, { token: ann, seats: 1 }, early)
  })
})

describe('the host', () => {
  test('sees names, numbers and needs, never an address, and nobody who has not confirmed', async () => {
    const { slug, hostToken } = await hosted({ privatePlace: false, capacity: 9 })
    await joinAs(db, slug, 'ann@people.org', {
      name: 'Ann',
      request: 'A quiet corner',
      agreed: 'on',
      isNew: 'yes',
    })
    const page = await readGuests(db, anybody, { token: hostToken, language: 'en' }, early)
    expect(page.newPeople).toBe(1)
    expect(page.dates[0]?.guests).toMatchObject([{ name: 'Ann', seats: 1, request: 'A quiet corner' }])
    expect(JSON.stringify(page)).not.toContain('ann@')
  })

  test('another host’s link, a forged or an ended one opens nothing', async () => {
    const one = await hosted()
    const other = await hosted()
    const ann = await joinAs(db, one.slug, 'ann@people.org')
    await expect(answer(other.hostToken, ann, true)).rejects.toThrow('refusal.missing')
    await expect(answer('forged', ann, true)).rejects.toThrow('refusal.link')
    const late = new Date('2029-01-01T00:00:00Z')
    const read = readGuests(db, anybody, { token: one.hostToken, language: 'en' }, late)
    await expect(read).rejects.toThrow('refusal.link')
    expect(await stateOf(ann)).toBe('asked')
  })

  test('writes to all guests once a day, and a second press sends nothing twice', async () => {
    const { slug, hostToken } = await hosted({ privatePlace: false, capacity: 1 })
    await joinAs(db, slug, 'ann@people.org')
    await joinAs(db, slug, 'bob@people.org', { when: later(1) })
    await db.deleteFrom('mails').execute()
    const input = { token: hostToken, words: 'Bring a cup', formKey: 'k1' }
    expect(await messageGuests(db, anybody, input, later(2))).toMatchObject({ count: 2 })
    expect(await messageGuests(db, anybody, input, later(3))).toMatchObject({ count: 2 })
    expect(await queued(db)).toEqual(['host-message → ann@people.org', 'host-message → bob@people.org'])
    const again = messageGuests(db, anybody, { ...input, formKey: 'k2' }, later(4))
    await expect(again).rejects.toMatchObject({ key: 'guests.message.too-often', params: { hours: 12 } })
    const [letter] = await deliverAll(db, later(5))
    expect(letter?.text).toContain('Bring a cup')
    expect(letter?.text).not.toMatch(/(.+) writes to everybody who said they would come to \1/)
    expect(letter?.text).not.toContain('host@people.org')
    expect(letter?.replyTo).toBeNull()
  })
})

describe('the guest’s calendar', () => {
  test('keeps its UID, counts its changes up, and ends as cancelled', async () => {
    const { id, slug } = await hosted({ privatePlace: false })
    const ann = await joinAs(db, slug, 'ann@people.org')
    const read = async () => {
      const guest = await guestByWord(db, ann)
      const file = guest ? guestCalendar(guest, early) : ''
      const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(file)?.[1]?.trim() ?? ''
      return { uid: field('UID'), sequence: Number(field('SEQUENCE')), status: field('STATUS'), file }
    }
    const first = await read()
    expect(first).toMatchObject({ status: 'CONFIRMED' })
    expect(first.file).toContain('DTSTART:20271019T090000Z')
    await db.updateTable('activities').set({ sequence: 1, title: 'Later tea' }).where('id', '=', id).execute()
    const second = await read()
    expect(second.file).toContain('SUMMARY:Later tea')
    await giveSeatBack(db, anybody, { token: ann }, later(1))
    const third = await read()
    expect(third).toMatchObject({ status: 'CANCELLED' })
    expect(third.file).toContain('METHOD:CANCEL')
    expect(new Set([first.uid, second.uid, third.uid]).size).toBe(1)
    expect(first.sequence).toBeLessThan(second.sequence)
    expect(second.sequence).toBeLessThan(third.sequence)
  })
})

describe('the table and the links', () => {
  const during = new Date('2027-10-19T10:00:00Z')
  const press = (slug: string, answer: 'new' | 'not-new', formKey: string, when = during) =>
    answerAtTable(db, anybody, { slug, answer, formKey, from: '10.0.0.1' }, when)

  test('each form counts once, apart from the guests, and only around the day', async () => {
    const { id, slug } = await hosted({ privatePlace: false })
    await Promise.all(['a', 'a', 'a', 'b'].map((key) => press(slug, 'new', key)))
    await press(slug, 'not-new', 'c')
    expect(await newcomersOf(db, id)).toEqual({ came: 0, cameNew: 0, tableNew: 2, tableNotNew: 1 })
    await expect(press(slug, 'new', 'd', early)).rejects.toThrow('table.closed')
    await expect(press('no-such', 'new', 'e')).rejects.toThrow('refusal.missing')
    for (let at = 0; at < 55; at++) await press(slug, 'new', `many${at}`)
    await expect(press(slug, 'new', 'one more')).rejects.toThrow('refusal.too-often')
  })

  test('"send me a new link" says the same to everybody and mails only those it knows; one form may be sent again with the address put right', async () => {
    const { slug } = await hosted({ privatePlace: false })
    const ann = await joinAs(db, slug, 'ann@people.org')
    await db.deleteFrom('mails').execute()
    const ask = (email: string) => sendGuestLinks(db, anybody, { email, formKey: 'one form' }, later(1))
    expect(await ask('nobody@people.org')).toEqual(await ask('ann@people.org'))
    await ask('ann@people.org')
    expect(await queued(db)).toEqual(['link-again → ann@people.org'])
    const text = (await deliverAll(db, later(2)))[0]?.text ?? ''
    expect(text).toContain(`/come/${ann}`)
    expect(text).toContain('Tuesday 19 October 2027')
  })
})
