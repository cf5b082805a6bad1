import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { peopleToChoose } from '#consent/server/reads/people.ts'
import { looksLikeName } from '#organisations/label.ts'
import { reachOf, routeOf } from '#organisations/paper.ts'
import { defaultPolicy, saysWhy, tighterThan } from '#organisations/policy.ts'
import { isVetted, membersOf } from '#organisations/server/reads/members.ts'
import { organisationOf } from '#organisations/server/reads/organisations.ts'
import { paperFormsOf } from '#organisations/server/reads/paper.ts'
import { runningOut, supportedPeople } from '#organisations/server/reads/people.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import { removeExampleOrganisations } from '#organisations/server/writes/example.ts'
import { testDatabase } from '../../test/db.ts'
import { exampleOrganisations, seedOrganisations } from './organisations.ts'

const db = await testDatabase()
const now = new Date('2026-11-26T10:00:00Z')

test('the example is a school in England and a service in Denmark, in which nobody has a name', () => {
  expect(exampleOrganisations.map((one) => [one.type, one.nation ?? one.country])).toEqual([
    ['school', 'england'],
    ['service', 'DK'],
  ])
  for (const { name, lead, vetted, people, forms, safeguardingLead } of exampleOrganisations) {
    expect(people.filter((person) => looksLikeName(person.label))).toEqual([])
    for (const words of [
      name,
      ...forms.map(({ title }) => title),
      safeguardingLead,
      ...[lead, ...vetted].map((one) => one.name),
    ])
      expect(words).toMatch(/\((example|eksempel)\)$/)
    for (const { email } of [lead, ...vetted]) expect(email).toMatch(/@example\.org$/)
  }
})

test('its forms say yes only by somebody who can; one is for this site, the others reach no further than the organisation', () => {
  const reaches = exampleOrganisations.flatMap(({ forms }) =>
    forms.map((form) => reachOf({ namesThisSite: false, namesSocialMedia: false, ...form })),
  )
  expect(reaches).toEqual([2, 5, 2])
  for (const { nation, people, forms } of exampleOrganisations) {
    for (const { label, answer, byWhom } of forms.flatMap(({ answers }) => answers)) {
      const ageBand = people.find((person) => person.label === label)?.ageBand ?? 'adult'
      if (answer === 'yes') expect(routeOf(byWhom, ageBand, nation), label).not.toBeNull()
    }
  }
})

test('filled in, its lead finds people, form and members, and what is allowed is no looser than the strict rules', async () => {
  await db.transaction().execute((trx) => seedOrganisations(trx, now))
  for (const { slug, nation, lead, people, forms } of exampleOrganisations) {
    const account = await db
      .selectFrom('accounts')
      .select(['id', 'example'])
      .where('email', '=', lead.email)
      .executeTakeFirstOrThrow()
    expect(account.example).toBe(true)
    const viewer = await viewerFor(db, account.id)
    const organisation = await organisationOf(db, viewer, slug)
    expect(organisation).toMatchObject({ example: true, state: 'agreed' })
    const id = organisation?.id ?? ''
    expect(await supportedPeople(db, viewer, id, now)).toHaveLength(people.length)
    expect(await paperFormsOf(db, viewer, id)).toHaveLength(forms.length)
    const members = await membersOf(db, viewer, id)
    expect(members.map((member) => [member.lead, member.vetted])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(await isVetted(db, await viewerFor(db, members[1]?.account ?? ''))).toBe(true)
    const inForce = await policyInForce(db, id, now)
    expect(saysWhy(inForce)).toBe(true)
    const { basis, condition } = inForce
    expect(tighterThan({ ...defaultPolicy(nation), basis, condition }, inForce)).toBe(false)
    expect(await runningOut(db, viewer, id, now)).toHaveLength(nation === 'england' ? 1 : 0)
  }
})

test('whoever posts for the school taps people whose forms on paper count at once', async () => {
  const { id } = await db
    .selectFrom('organisations')
    .select('id')
    .where('slug', '=', 'beck-view-school')
    .executeTakeFirstOrThrow()
  const { tiles, forms } = await peopleToChoose(db, { surface: randomUUID(), organisation: id }, now)
  const saying = (paper: string) => tiles.filter((tile) => tile.paper === paper).map(({ label }) => label)
  expect(saying('covers')).toEqual(['K.A.', 'Orange', 'Pink', 'Purple', 'Yellow'])
  expect(saying('less')).toEqual(['Blue', 'Red'])
  expect(saying('no')).toEqual(['Green', 'Teal'])
  expect(forms).toHaveLength(2)
})

test('it goes again whole', async () => {
  await db.transaction().execute(removeExampleOrganisations)
  for (const table of [
    'organisations',
    'policies',
    'members',
    'supportedPeople',
    'paperForms',
    'paperAnswers',
  ] as const)
    expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
})
