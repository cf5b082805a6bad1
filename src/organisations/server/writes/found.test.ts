import { expect, test } from 'vitest'
import * as v from 'valibot'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { decisionForm, organisationForm } from '#organisations/organisation.ts'
import {
  listOrganisations,
  organisationOf,
  ownOrganisations,
} from '#organisations/server/reads/organisations.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import { decideOrganisation, hideOrganisation } from '#organisations/server/writes/decide.ts'
import { saveOrganisation, takeBackOrganisation } from '#organisations/server/writes/found.ts'
import { forgetOrganisationRows } from '#organisations/server/tasks.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAccount } from '../../../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
const organiser = await makeAccount(db, 'org', { role: 'organiser' })
const teacher = await makeAccount(db, 'teacher')
const stranger = await makeAccount(db, 'stranger')

const form = (over: Record<string, string> = {}) =>
  v.parse(organisationForm, {
    type: 'school',
    name: 'Hill School',
    place: 'england',
    safeguardingLead: 'Mr Shaw, deputy head',
    ...over,
  })
const decide = (viewer: Viewer, slug: string, decision: string, reason = '') =>
  db
    .transaction()
    .execute((trx) => decideOrganisation(trx, viewer, v.parse(decisionForm, { slug, decision, reason }), now))
const hide = (viewer: Viewer, slug: string, hidden: boolean) =>
  db.transaction().execute((trx) => hideOrganisation(trx, viewer, { slug, hidden }, now))
const idOf = async (slug: string): Promise<string> =>
  (await db.selectFrom('organisations').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()).id
const fresh = (viewer: Viewer): Promise<Viewer> => viewerFor(db, viewer.account ?? '')

test('what somebody founds waits: it is there for them and for organisers, and allows no more than having none', async () => {
  const slug = await saveOrganisation(db, teacher, form(), now)
  expect(slug).toBe('hill-school')
  expect(await organisationOf(db, teacher, slug)).toMatchObject({
    state: 'waiting',
    nation: 'england',
    country: 'GB',
  })
  expect(await organisationOf(db, organiser, slug)).toMatchObject({ name: 'Hill School' })
  expect((await listOrganisations(db, organiser))[0]).toMatchObject({
    slug,
    leads: 0,
    founder: { name: 'teacher' },
  })
  expect((await policyInForce(db, await idOf(slug), now)).widest).toEqual(
    (await policyInForce(db, null, now)).widest,
  )
  expect((await fresh(teacher)).roles).toEqual([])
  const mails = await db.selectFrom('mails').select(['name', 'address']).execute()
  expect(mails).toEqual([{ name: 'organisation-waiting', address: 'org@people.test' }])
})

test('an organisation called New has an address of its own', async () => {
  const own = await makeAccount(db, 'new')
  expect(await saveOrganisation(db, own, form({ name: 'New' }), now)).toMatch(/^new-[a-z0-9]{4}$/)
})

test('what is not there and what is not theirs look alike to everybody else', async () => {
  for (const viewer of [anybody, stranger]) {
    expect(await organisationOf(db, viewer, 'hill-school')).toBeNull()
    expect(await organisationOf(db, viewer, 'never-was')).toBeNull()
    expect(await ownOrganisations(db, viewer)).toEqual([])
    await expect(listOrganisations(db, viewer)).rejects.toMatchObject({ kind: 'missing' })
    for (const slug of ['hill-school', 'never-was', 'a\0b']) {
      await expect(saveOrganisation(db, viewer, form({ slug, revision: '1' }), now)).rejects.toMatchObject({
        kind: 'missing',
      })
      await expect(decide(viewer, 'hill-school', 'agree')).rejects.toMatchObject({ kind: 'missing' })
      await expect(hide(viewer, 'hill-school', true)).rejects.toMatchObject({ kind: 'missing' })
      await expect(takeBackOrganisation(db, viewer, { slug }, now)).rejects.toMatchObject({ kind: 'missing' })
    }
  }
})

test('without an account nobody founds one; pressing twice founds one; a sixth in a day is refused', async () => {
  await expect(saveOrganisation(db, anybody, form(), now)).rejects.toMatchObject({ kind: 'forbidden' })
  const twice = form({ name: 'Twice', formKey: 'k' })
  const [first, second] = await Promise.all([
    saveOrganisation(db, stranger, twice, now),
    saveOrganisation(db, stranger, twice, now),
  ])
  expect(first).toBe(second)
  for (const name of ['Two', 'Three', 'Four', 'Five'])
    await saveOrganisation(db, stranger, form({ name }), now)
  await expect(saveOrganisation(db, stranger, form({ name: 'Six' }), now)).rejects.toMatchObject({
    kind: 'too-often',
  })
})

test('with an organiser’s yes the founder leads it and hears of it, once', async () => {
  // Organisers hear once of all that wait, until nothing does.
  const told = async () =>
    (await db.selectFrom('mails').select('id').where('name', '=', 'organisation-waiting').execute()).length
  expect(await told()).toBe(1)
  await decide(organiser, 'hill-school', 'agree')
  expect(await told()).toBe(1)
  const others = db.selectFrom('organisations').select(['slug', 'foundedBy']).where('state', '=', 'waiting')
  for (const { slug, foundedBy } of await others.execute())
    await takeBackOrganisation(db, await viewerFor(db, foundedBy ?? ''), { slug }, now)
  expect(await told()).toBe(0)
  await decide(organiser, 'hill-school', 'agree')
  const id = await idOf('hill-school')
  expect((await fresh(teacher)).roles).toEqual([{ role: 'organisation-lead', group: null, organisation: id }])
  const mails = await db
    .selectFrom('mails')
    .select(['name', 'address'])
    .where('name', '<>', 'organisation-waiting')
    .execute()
  expect(mails).toEqual([{ name: 'organisation-agreed', address: 'teacher@people.test' }])
  expect((await policyInForce(db, id, now)).nation).toBe('england')
  await expect(decide(organiser, 'hill-school', 'decline', 'No.')).rejects.toMatchObject({ kind: 'conflict' })
})

test('its place stays once somebody agreed, whatever is sent; its name can change, not over somebody else’s change', async () => {
  const lead = await fresh(teacher)
  const change = form({
    slug: 'hill-school',
    revision: '1',
    name: 'Hill College',
    place: 'scotland',
    type: 'family',
  })
  await saveOrganisation(db, lead, change, now)
  expect(await organisationOf(db, lead, 'hill-school')).toMatchObject({
    name: 'Hill College',
    nation: 'england',
    type: 'school',
    revision: 2,
  })
  await expect(saveOrganisation(db, lead, change, now)).rejects.toMatchObject({ kind: 'conflict' })
  await expect(takeBackOrganisation(db, lead, { slug: 'hill-school' }, now)).rejects.toMatchObject({
    kind: 'conflict',
  })
})

test('taken away, what it allows counts no more, until it is brought back', async () => {
  const id = await idOf('hill-school')
  expect(await hide(organiser, 'hill-school', true)).toEqual({
    organisation: id,
    slug: 'hill-school',
    people: 'all',
  })
  expect((await policyInForce(db, id, now)).nation).toBeNull()
  await hide(organiser, 'hill-school', false)
  expect((await policyInForce(db, id, now)).nation).toBe('england')
})

test('a no gives its reason to whoever founded it, and is forgotten after 90 days', async () => {
  await saveOrganisation(db, teacher, form({ name: 'No School' }), now)
  expect(v.safeParse(decisionForm, { slug: 'no-school', decision: 'decline' }).success).toBe(false)
  await decide(organiser, 'no-school', 'decline', 'Nobody knows it.')
  expect(await organisationOf(db, teacher, 'no-school')).toMatchObject({ reason: 'Nobody knows it.' })
  await forgetOrganisationRows(db, new Date('2027-11-29T10:00:00Z'))
  expect(await organisationOf(db, organiser, 'no-school')).not.toBeNull()
  expect(await forgetOrganisationRows(db, new Date('2027-12-01T10:00:00Z'))).toMatchObject({
    'declined-organisations': 1,
  })
  expect(await organisationOf(db, organiser, 'no-school')).toBeNull()
})

test('what waits can be put right and taken back by whoever founded it', async () => {
  const slug = await saveOrganisation(db, teacher, form({ name: 'Wrong place' }), now)
  await saveOrganisation(db, teacher, form({ slug, revision: '1', name: 'Right place', place: 'wales' }), now)
  expect(await organisationOf(db, teacher, slug)).toMatchObject({ name: 'Right place', nation: 'wales' })
  await takeBackOrganisation(db, teacher, { slug }, now)
  expect(await organisationOf(db, organiser, slug)).toBeNull()
})

test('a family counts at once, without a role, and its name stands in no address', async () => {
  const slug = await saveOrganisation(
    db,
    teacher,
    form({ type: 'family', name: 'The Okafors', safeguardingLead: '', place: 'elsewhere', country: 'dk' }),
    now,
  )
  expect(slug).toMatch(/^family-[a-z0-9]{8}$/)
  const family = await organisationOf(db, teacher, slug)
  expect(family).toMatchObject({ state: 'agreed', nation: null, country: 'DK', member: 'joined' })
  expect((await fresh(teacher)).roles).toHaveLength(1)
  expect((await ownOrganisations(db, teacher)).find((one) => one.slug === slug)).toMatchObject({
    leads: true,
  })
})

test('what an organiser founds is agreed and led by them', async () => {
  const slug = await saveOrganisation(db, organiser, form({ name: 'The Institute', type: 'charity' }), now)
  expect(await organisationOf(db, organiser, slug)).toMatchObject({ state: 'agreed' })
  expect((await fresh(organiser)).roles).toHaveLength(2)
})

test.each([
  [{ place: 'elsewhere', country: 'GB' }, 'place'],
  [{ place: 'elsewhere', country: 'Q1' }, 'country'],
  [{ place: 'elsewhere' }, 'country'],
  [{ place: 'atlantis' }, 'place'],
  [{ safeguardingLead: ' ' }, 'safeguardingLead'],
  [{ name: '' }, 'name'],
  [{ type: 'club' }, 'type'],
])('%o is said at its field', (over, field) => {
  const read = v.safeParse(organisationForm, {
    type: 'school',
    name: 'X',
    place: 'england',
    safeguardingLead: 'S',
    ...over,
  })
  expect(read.issues?.map((issue) => issue.path?.[0]?.key)).toContain(field)
})
