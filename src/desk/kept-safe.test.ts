import { expect, test } from 'vitest'
import { datesPage } from '#activities/server/reads/dates.ts'
import { editPage } from '#activities/server/reads/edit.ts'
import { readGuestPage } from '#activities/server/reads/guest-page.ts'
import { readGuests } from '#activities/server/reads/guests.ts'
import { hostPage } from '#activities/server/reads/host.ts'
import { ownActivityData } from '#activities/server/reads/own-data.ts'
import { coHostInvitation, invitedTo } from '#activities/server/writes/co-host.ts'
import { sendGuestLinks } from '#activities/server/writes/guest-links.ts'
import { sendHostLinks } from '#activities/server/writes/host-links.ts'
import { queueOf } from '#desk/server/reads.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { ownStory, reportPage } from '#stories/server/reads/own.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { makePicture } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { joinAs } from '../../test/guests.ts'
import { makeActivity, makeHostLink, makeStory, makeStoryLink, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T10:00:00Z')
const ben = await makeAccount(db, 'ben', { role: 'reviewer' })
const press = (door: 'worried' | 'take-down', about: string) =>
  raiseConcern(db, anybody, { formKey: '', door, about, words: null, email: null, country: null }, now)

test('what somebody is worried about is kept from whoever told it, and from those who read what waits', async () => {
  const { id, slug } = await makeStory(db, { email: 'teller@people.test', body: 'SECRET words' })
  const token = await makeStoryLink(db, id)
  await db.insertInto('storyChanges').values({ story: id, toState: 'published', read: false }).execute()
  expect(JSON.stringify(await ownStory(db, anybody, token, now))).toContain('SECRET')
  await press('worried', `/stories/${slug}`)
  const all = [
    await ownStory(db, anybody, token, now),
    await storyForReview(db, ben, id),
    await storyOfSurface(db, id, now),
    (await queueOf(db, ben)).stories,
  ]
  expect(JSON.stringify(all)).not.toMatch(/SECRET|She answered my hum/)
})

test('the address of a picture hides the story that it is on, and says the same of one that never was', async () => {
  const { id, slug } = await makeStory(db, {})
  const { version } = await makePicture(db, { surface: id })
  const never = '11111111-2222-4333-8444-555555555555'
  const ask = (picture: string) => press('take-down', `https://week.example/media/${picture}/640.webp`)
  expect(await ask(never)).toEqual({ door: 'take-down', gone: `/media/${never}`, unread: false })
  expect(await ask(version)).toEqual({ door: 'take-down', gone: `/media/${version}`, unread: false })
  expect(await storyBySlug(db, slug, now)).toBeNull()
})

type Links = { host: string; guest: string; helper: string }

/** All that whoever hosts an activity, helps or comes to it is told of it: by their links, their mails and their download. */
async function toldOf(ann: Viewer & { email: string }, links: Links, when: Date) {
  const refused = (error: unknown) => String(error)
  const again = { email: ann.email, formKey: String(when.getTime()), language: 'en' as const }
  await db.deleteFrom('mails').execute()
  await sendHostLinks(db, anybody, again, when)
  await sendGuestLinks(db, anybody, again, when)
  const { host: token, guest, helper } = links
  return {
    host: await hostPage(db, token, 'en', when),
    change: await editPage(db, token, 'en', when).catch(refused),
    dates: await datesPage(db, token, 'en', when).catch(refused),
    guests: await readGuests(db, anybody, { token, language: 'en' }, when).catch(refused),
    report: await reportPage(db, anybody, token, when),
    invitation: await coHostInvitation(db, token, when).catch(refused),
    invited: await invitedTo(db, helper, when).catch(refused),
    guest: await readGuestPage(db, anybody, { token: guest, language: 'en' }, when),
    download: await ownActivityData(db, ann),
    mails: await db.selectFrom('mails').select(['name', 'params']).execute(),
  }
}

test('what somebody is worried about is kept from whoever hosts it, and from whoever comes', async () => {
  const account = await makeAccount(db, 'ann')
  const ann = { ...account, email: account.email ?? '' }
  const words = { title: 'SECRET coffee', summary: 'SECRET', hostName: 'SECRET' }
  const where = { placeName: 'SECRET hall', town: 'SECRET' }
  const { id, slug } = await makeActivity(db, { slug: 'secret-coffee', ...words, ...where })
  const host = await makeHostLink(db, id, ann.email)
  const guest = await joinAs(db, slug, ann.email)
  const { link } = await coHostInvitation(db, host, now)
  const links = { host, guest, helper: link.split('/').at(-1) ?? '' }
  const named = (told: object) =>
    Object.entries(told).flatMap(([name, one]) => (/secret/i.test(JSON.stringify(one)) ? [name] : []))
  const before = await toldOf(ann, links, now)
  expect(named(before)).toEqual(Object.keys(before))
  expect(before.mails).toHaveLength(2)
  await press('worried', `/activities/${slug}`)
  const after = await toldOf(ann, links, new Date(now.getTime() + 60_000))
  expect(after.host.held).toBe(true)
  expect(after.mails).toHaveLength(2)
  // The page of a host writes its address only beside its name.
  expect(named({ ...after, host: { ...after.host, slug: '' }, guest: { ...after.guest, slug: '' } })).toEqual(
    [],
  )
})
