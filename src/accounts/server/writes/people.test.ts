import { beforeEach, expect, test } from 'vitest'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import {
  dutyRoster,
  hasOrganiser,
  listRoles,
  onDuty,
  ownAccount,
  ownAccountData,
  reviewersOf,
} from '#accounts/server/reads/people.ts'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { saveDuty } from '#accounts/server/writes/duty.ts'
import { eraseLeaving } from '#accounts/server/writes/forget.ts'
import { eraseMe, keepMe, saveMe } from '#accounts/server/writes/me.ts'
import { giveRole, takeRole } from '#accounts/server/writes/roles.ts'
import { askToSignIn, organiserLink } from '#accounts/server/writes/sign-in.ts'
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()
const now = new Date('2027-09-20T09:00Z')
const today = '2027-09-20'

beforeEach(async () => {
  for (const table of ['accounts', 'mails', 'auditLog', 'verifications', 'rateCounts'] as const)
    await db.deleteFrom(table).execute()
})

async function helper(email: string, role: 'organiser' | 'reviewer' = 'reviewer'): Promise<Viewer> {
  await giveRole(db, theSite, { email, role }, now)
  const row = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirstOrThrow()
  return viewerFor(db, row.id)
}
const plan = (duty: Viewer | null, backup: Viewer | null, day = today) => ({
  from: today,
  days: [{ day, duty: duty?.account ?? null, backup: backup?.account ?? null }],
})

test('a role is given once, mailed once and written down', async () => {
  expect(await hasOrganiser(db)).toBe(false)
  await helper('a@people.test', 'organiser')
  await giveRole(db, theSite, { email: 'a@people.test', role: 'organiser' }, now)
  expect(await hasOrganiser(db)).toBe(true)
  expect((await listRoles(db, theSite)).map((role) => role.email)).toEqual(['a@people.test'])
  expect(await db.selectFrom('mails').select('name').execute()).toEqual([{ name: 'role-given' }])
  const log = await db.selectFrom('auditLog').select(['action', 'details']).execute()
  expect(log).toEqual([{ action: 'role.given', details: { role: 'organiser', group: null } }])
})

test('only organisers see roles, give them and take them', async () => {
  const reviewer = await helper('r@people.test')
  for (const viewer of [anybody, reviewer]) {
    await expect(listRoles(db, viewer)).rejects.toMatchObject({ kind: 'missing' })
    await expect(
      giveRole(db, viewer, { email: 'x@people.test', role: 'organiser' }, now),
    ).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await expect(takeRole(db, viewer, { id: crypto.randomUUID() }, now)).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await expect(saveDuty(db, viewer, plan(reviewer, null), now)).rejects.toMatchObject({ kind: 'forbidden' })
  }
  await expect(dutyRoster(db, anybody, now)).rejects.toMatchObject({ kind: 'missing' })
})

test('a group lead needs a group', async () => {
  await expect(
    giveRole(db, theSite, { email: 'g@people.test', role: 'group-lead' }, now),
  ).rejects.toMatchObject({
    field: 'group',
  })
})

test('the last organiser stays, even when two leave at the same moment', async () => {
  const first = await helper('a@people.test', 'organiser')
  const second = await helper('b@people.test', 'organiser')
  const roles = await listRoles(db, theSite)
  const [one, two] = roles.map((role) => role.id)
  const left = await Promise.allSettled([
    takeRole(db, theSite, { id: one ?? '' }, now),
    takeRole(db, theSite, { id: two ?? '' }, now),
  ])
  expect(left.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const rest = await listRoles(db, theSite)
  expect(rest).toHaveLength(1)
  const last = rest[0]?.account === first.account ? first : second
  await expect(eraseMe(db, last, {}, now)).rejects.toMatchObject({ kind: 'conflict' })
  expect(await hasOrganiser(db)).toBe(true)
})

test('the roster says who is on duty on a day and who is the backup', async () => {
  const [a, b] = [await helper('a@people.test'), await helper('b@people.test', 'organiser')]
  await saveDuty(db, theSite, plan(a, b), now)
  expect(await onDuty(db, now)).toMatchObject({
    duty: [{ email: 'a@people.test' }],
    backup: [{ email: 'b@people.test' }],
  })
  expect(await onDuty(db, new Date('2027-09-21T09:00Z'))).toMatchObject({ duty: [], backup: [] })
  const roster = await dutyRoster(db, a, now)
  expect(roster).toHaveLength(28)
  expect(roster.at(-1)?.day).toBe('2027-10-17')
  await saveDuty(db, theSite, plan(null, a), now)
  expect(await onDuty(db, now)).toMatchObject({ duty: [], backup: [{ email: 'a@people.test' }] })
})

test('nobody backs up themselves, and only people who can review are on duty', async () => {
  const a = await helper('a@people.test')
  await expect(saveDuty(db, theSite, plan(a, a), now)).rejects.toMatchObject({ field: `backup-${today}` })
  await db.insertInto('accounts').values({ email: 'plain@people.test', name: '' }).execute()
  const plainRow = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', 'plain@people.test')
    .executeTakeFirstOrThrow()
  const plain = await viewerFor(db, plainRow.id)
  await expect(saveDuty(db, theSite, plan(plain, null), now)).rejects.toMatchObject({
    field: `duty-${today}`,
  })
  expect((await reviewersOf(db)).map((person) => person.email)).toEqual(['a@people.test'])
})

test('whoever wants to be erased has no roles from that moment, is met nowhere, and can change their mind', async () => {
  await helper('boss@people.test', 'organiser')
  const me = await helper('me@people.test', 'organiser')
  await saveDuty(db, theSite, plan(me, null), now)
  await eraseMe(db, me, {}, now)
  await eraseMe(db, me, {}, new Date('2027-09-22T09:00Z'))
  const leaving = await viewerFor(db, me.account ?? '')
  expect(leaving).toMatchObject({ account: me.account, roles: [] })
  expect((await listRoles(db, theSite)).map((role) => role.email)).toEqual(['boss@people.test'])
  expect((await reviewersOf(db)).map((person) => person.email)).toEqual(['boss@people.test'])
  expect((await onDuty(db, now)).duty).toEqual([])
  expect((await ownAccount(db, leaving)).erasing).toEqual(new Date('2027-09-27T09:00Z'))
  const mails = await db
    .selectFrom('mails')
    .select(['address', 'params'])
    .where('name', '=', 'account-leaving')
    .execute()
  expect(mails).toMatchObject([{ address: 'me@people.test', params: { until: 'Monday 27 September 2027' } }])
  await keepMe(db, leaving, {}, now)
  await keepMe(db, leaving, {}, now)
  expect(await eraseLeaving(db, new Date('2028-01-01'), [])).toBe(0)
  expect((await viewerFor(db, me.account ?? '')).roles).toMatchObject([{ role: 'organiser' }])
  expect((await onDuty(db, now)).duty).toMatchObject([{ email: 'me@people.test' }])
  const log = await db
    .selectFrom('auditLog')
    .select('action')
    .where('subject', 'like', `%${me.account}`)
    .execute()
  expect(log.map((one) => one.action)).toEqual(['role.given', 'account.leaving', 'account.kept'])
})

test('of two organisers who leave at the same moment one stays, and whoever leaves does not count as one', async () => {
  const [a, b] = [await helper('a@people.test', 'organiser'), await helper('b@people.test', 'organiser')]
  const left = await Promise.allSettled([eraseMe(db, a, {}, now), eraseMe(db, b, {}, now)])
  expect(left.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const rest = await listRoles(db, theSite)
  expect(rest).toHaveLength(1)
  await expect(takeRole(db, theSite, { id: rest[0]?.id ?? '' }, now)).rejects.toMatchObject({
    key: 'accounts.people.last-organiser',
  })
})

test('the command that makes an organiser keeps an account that was to be erased', async () => {
  await helper('boss@people.test', 'organiser')
  const me = await helper('me@people.test', 'organiser')
  await eraseMe(db, me, {}, now)
  await organiserLink(db, 'me@people.test', now)
  expect((await viewerFor(db, me.account ?? '')).roles).toHaveLength(1)
})

test('an erased account leaves nothing but what was done, without a name', async () => {
  await helper('boss@people.test', 'organiser')
  const me = await helper('me@people.test', 'organiser')
  await saveMe(db, me, { name: 'Mo Reader', language: 'en' }, now)
  const named = await viewerFor(db, me.account ?? '')
  await giveRole(db, named, { email: 'new@people.test', role: 'reviewer' }, now)
  await saveDuty(db, named, plan(named, null), now)
  await askToSignIn(db, anybody, { email: 'me@people.test', next: '', formKey: '', client: 'c' }, now)
  const data = await ownAccountData(db, named)
  expect(data.account).toMatchObject({ name: 'Mo Reader', email: 'me@people.test' })
  expect(data.deeds.map((deed) => deed.action)).toEqual(['role.given', 'duty.planned'])
  await eraseMe(db, named, {}, now)
  expect(await eraseLeaving(db, new Date('2027-09-27T08:59Z'), [])).toBe(0)
  expect(await eraseLeaving(db, new Date('2027-09-27T09:00Z'), [])).toBe(1)
  expect(await eraseLeaving(db, new Date('2027-09-27T09:00Z'), [])).toBe(0)
  for (const table of [
    'accounts',
    'roles',
    'duties',
    'mails',
    'auditLog',
    'verifications',
    'sessions',
  ] as const) {
    const left = JSON.stringify(await db.selectFrom(table).selectAll().execute())
    expect(left, table).not.toMatch(/me@people\.test|Mo Reader/)
    expect(left, table).not.toContain(me.account)
  }
  const log = await db.selectFrom('auditLog').select(['who', 'action']).execute()
  expect(log).toContainEqual({ who: 'somebody', action: 'duty.planned' })
  await expect(eraseMe(db, anybody, {}, now)).rejects.toMatchObject({ kind: 'forbidden' })
})
