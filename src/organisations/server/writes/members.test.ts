import { expect, test } from 'vitest'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { ownOrganisationData } from '#organisations/server/reads/own-data.ts'
import { isVetted, membersOf, reviewersOfOrganisation } from '#organisations/server/reads/members.ts'
import { ownOrganisations } from '#organisations/server/reads/organisations.ts'
import {
  askToJoin,
  endInvitations,
  invitedToJoin,
  joinOrganisation,
  memberInvitation,
} from '#organisations/server/writes/join.ts'
import {
  acceptMember,
  leaveOrganisation,
  letMemberGo,
  shareLead,
  vetMember,
} from '#organisations/server/writes/members.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAccount, makeMember, makeOrganisation } from '../../../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
const { id, slug } = await makeOrganisation(db, { slug: 'hill-school' })
const lead = await makeMember(db, id, { name: 'lead', lead: true })
const member = await makeMember(db, id, { name: 'member' })
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const stranger = await makeAccount(db, 'stranger')
const asker = await makeAccount(db, 'asker')

const of = (viewer: Viewer) => ({ slug, account: viewer.account ?? '' })
const wordIn = (link: string): string => link.split('/').at(-1) ?? ''
const names = async (viewer: Viewer): Promise<string[]> =>
  (await membersOf(db, viewer, id)).map((one) => one.name)

test('a link that the lead hands over makes a member of whoever opens it signed in, once', async () => {
  const { link, until } = await memberInvitation(db, lead, id, now)
  expect(link).toMatch(/\/me\/join\/hill-school\./)
  expect(until).toBe('2027-09-15')
  const word = wordIn(link)
  await expect(joinOrganisation(db, anybody, { word }, now)).rejects.toMatchObject({ kind: 'forbidden' })
  const joiner = await makeAccount(db, 'joiner')
  expect(await joinOrganisation(db, joiner, { word }, now)).toBe(slug)
  expect(await joinOrganisation(db, joiner, { word }, now)).toBe(slug)
  expect(await names(lead)).toEqual(['lead', 'joiner', 'member'])
  expect(await db.selectFrom('mails').select('id').execute()).toEqual([])
})

test('a link ends after fourteen days, when it is called back, and when its organisation is taken away; a forged one never was', async () => {
  const word = wordIn((await memberInvitation(db, lead, id, now)).link)
  expect(await invitedToJoin(db, word, new Date('2027-09-15T23:00:00Z'))).toMatchObject({ slug })
  const ends = { kind: 'missing', key: 'refusal.invitation' }
  await expect(invitedToJoin(db, word, new Date('2027-09-16T00:00:00Z'))).rejects.toMatchObject(ends)
  for (const forged of ['', 'a.b.c', `${word}x`, word.replace('2027-09-15', '2028-09-15'), 'a\0.b.c'])
    await expect(invitedToJoin(db, forged, now)).rejects.toMatchObject(ends)
  await db.updateTable('organisations').set({ hidden: true }).where('id', '=', id).execute()
  await expect(invitedToJoin(db, word, now)).rejects.toMatchObject(ends)
  await db.updateTable('organisations').set({ hidden: false }).where('id', '=', id).execute()
  await expect(endInvitations(db, member, { slug }, now)).rejects.toMatchObject({ kind: 'missing' })
  await endInvitations(db, lead, { slug }, now)
  await expect(invitedToJoin(db, word, now)).rejects.toMatchObject(ends)
})

test('whoever says that they belong to it hears the same whether it is here, sees nothing, and waits for the lead', async () => {
  await askToJoin(db, asker, { organisation: 'HILL SCHOOL' }, now)
  await askToJoin(db, asker, { organisation: 'Hill School' }, now)
  await askToJoin(db, asker, { organisation: 'No such place' }, now)
  await expect(membersOf(db, asker, id)).rejects.toMatchObject({ kind: 'missing' })
  expect(await ownOrganisations(db, asker)).toEqual([])
  expect((await ownOrganisationData(db, asker)).member).toMatchObject([{ name: null, joined: null }])
  expect(await names(member)).not.toContain('asker')
  expect((await membersOf(db, lead, id)).find((one) => one.name === 'asker')).toMatchObject({ joined: null })
  const mails = await db.selectFrom('mails').select(['name', 'address', 'urgency']).execute()
  expect(mails).toEqual([{ name: 'organisation-asked', address: 'lead@people.test', urgency: 'notice' }])
  await acceptMember(db, lead, of(asker), now)
  expect(await ownOrganisations(db, asker)).toMatchObject([{ slug, leads: false, vetted: false }])
  expect(await names(asker)).toContain('member')
})

test('a family, and what waits or is hidden, cannot be asked by its name', async () => {
  await makeOrganisation(db, { slug: 'family-x', name: 'Okafor', type: 'family' })
  await makeOrganisation(db, { slug: 'waits', name: 'Waits', state: 'waiting' })
  await makeOrganisation(db, { slug: 'hides', name: 'Hides', hidden: true })
  for (const name of ['Okafor', 'family x', 'Waits', 'Hides'])
    await askToJoin(db, stranger, { organisation: name }, now)
  expect(await ownOrganisations(db, stranger)).toEqual([])
  await expect(askToJoin(db, anybody, { organisation: 'Hill School' }, now)).rejects.toMatchObject({
    kind: 'forbidden',
  })
})

test('only its lead sees addresses; organisers see nobody', async () => {
  expect((await membersOf(db, lead, id)).map((one) => one.email)).toContain('member@people.test')
  expect(new Set((await membersOf(db, member, id)).map((one) => one.email))).toEqual(new Set(['']))
  for (const viewer of [anybody, stranger, organiser])
    await expect(membersOf(db, viewer, id)).rejects.toMatchObject({ kind: 'missing' })
})

test('a vetted practitioner can look at pictures, until the lead takes that back or the organisation counts no more', async () => {
  await vetMember(db, lead, { ...of(member), vetted: true }, now)
  expect(await isVetted(db, member)).toBe(true)
  expect(new Set(await reviewersOfOrganisation(db, id))).toEqual(new Set([lead.account, member.account]))
  for (const change of [{ state: 'waiting' }, { hidden: true }, { type: 'family' }] as const) {
    await db.updateTable('organisations').set(change).where('id', '=', id).execute()
    expect(await isVetted(db, member)).toBe(false)
    expect(await reviewersOfOrganisation(db, id)).toEqual([])
    const back = { state: 'agreed', hidden: false, type: 'school' } as const
    await db.updateTable('organisations').set(back).where('id', '=', id).execute()
  }
  await vetMember(db, lead, { ...of(member), vetted: false }, now)
  expect(await isVetted(db, member)).toBe(false)
  expect(await isVetted(db, anybody)).toBe(false)
})

test('nobody but the lead accepts, vets, lets go or shares the lead', async () => {
  for (const viewer of [anybody, stranger, member, organiser]) {
    const missing = { kind: 'missing' }
    await expect(acceptMember(db, viewer, of(asker), now)).rejects.toMatchObject(missing)
    await expect(vetMember(db, viewer, { ...of(viewer), vetted: true }, now)).rejects.toMatchObject(missing)
    await expect(shareLead(db, viewer, { ...of(viewer), lead: true }, now)).rejects.toMatchObject(missing)
    await expect(letMemberGo(db, viewer, of(lead), now)).rejects.toMatchObject(missing)
    await expect(memberInvitation(db, viewer, id, now)).rejects.toMatchObject(missing)
  }
})

test('the lead can be shared with a member, and somebody always leads', async () => {
  await expect(shareLead(db, lead, { ...of(stranger), lead: true }, now)).rejects.toMatchObject({
    kind: 'missing',
  })
  const last = { kind: 'conflict', key: 'organisations.members.last-lead' }
  await expect(leaveOrganisation(db, lead, { slug }, now)).rejects.toMatchObject(last)
  await expect(shareLead(db, lead, { ...of(lead), lead: false }, now)).rejects.toMatchObject(last)
  await shareLead(db, lead, { ...of(member), lead: true }, now)
  const second = await viewerFor(db, member.account ?? '')
  const left = await Promise.allSettled([
    leaveOrganisation(db, lead, { slug }, now),
    leaveOrganisation(db, second, { slug }, now),
  ])
  expect(left.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(
    await db.selectFrom('roles').select('account').where('organisation', '=', id).execute(),
  ).toHaveLength(1)
})

test('whoever leaves sees nothing of it any more, and leaving what one never belonged to says the same', async () => {
  await leaveOrganisation(db, asker, { slug }, now)
  await leaveOrganisation(db, asker, { slug }, now)
  await leaveOrganisation(db, stranger, { slug: 'never-was' }, now)
  await expect(membersOf(db, asker, id)).rejects.toMatchObject({ kind: 'missing' })
})

test('who founded a family stays, for nobody else could lead it; who founded what waits takes it back instead', async () => {
  const founder = await makeAccount(db, 'founder')
  await makeOrganisation(db, { slug: 'own-family', type: 'family', foundedBy: founder.account })
  await makeOrganisation(db, { slug: 'own-waiting', state: 'waiting', foundedBy: founder.account })
  await expect(leaveOrganisation(db, founder, { slug: 'own-family' }, now)).rejects.toMatchObject({
    key: 'organisations.members.last-lead',
  })
  await expect(leaveOrganisation(db, founder, { slug: 'own-waiting' }, now)).rejects.toMatchObject({
    key: 'organisations.members.waits',
  })
})
