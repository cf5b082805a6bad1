import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { policyAsForm, policyForm } from '#organisations/policy-form.ts'
import { defaultPolicy, widestOf, sitePolicy, type Policy } from '#organisations/policy.ts'
import { policyInForce, policyVersions } from '#organisations/server/reads/policies.ts'
import { savePolicy, weighPolicy } from '#organisations/server/writes/policy.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAccount, makeMember, makeOrganisation } from '../../../../test/organisations.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T10:00:00Z')
const organiser = await makeAccount(db, 'organiser', { role: 'organiser' })
const england = await makeOrganisation(db, { slug: 'england' })
const lead = await makeMember(db, england.id, { name: 'lead', lead: true })
const member = await makeMember(db, england.id, { name: 'member', vetted: true })

const input = (slug: string, version: number, over: Record<string, string | string[]> = {}, from?: Policy) =>
  v.parse(policyForm, {
    ...policyAsForm(from ?? defaultPolicy('england')),
    slug,
    version: String(version),
    ...over,
  })
const save = (viewer: Viewer, what: ReturnType<typeof input>, at = now) =>
  db.transaction().execute((trx) => savePolicy(trx, viewer, what, at))

test('a policy as it stands in the form is the policy that is read from it', () => {
  for (const nation of ['england', 'scotland', 'northern-ireland', null] as const) {
    const policy = defaultPolicy(nation)
    expect(input('x', 0, {}, policy).rules).toEqual({ ...policy, nation: undefined })
  }
})

test('saving makes a new version, which holds from that moment; the one before stays as it was', async () => {
  const wider = input('england', 0, {
    'widest-best-interests': '5',
    condition: 'Substantial public interest.',
  })
  expect(await save(lead, wider)).toEqual({
    organisation: england.id,
    slug: 'england',
    people: 'all',
    version: 1,
  })
  expect((await policyInForce(db, england.id, now)).widest['best-interests']).toBe(5)
  expect((await policyInForce(db, england.id, new Date(now.getTime() - 1))).version).toBe(0)
  const later = new Date('2027-09-02T10:00:00Z')
  await save(lead, input('england', 1), later)
  expect((await policyInForce(db, england.id, later)).widest['best-interests']).toBe(3)
  expect((await policyInForce(db, england.id, now)).version).toBe(1)
  const versions = await policyVersions(db, lead, england.id)
  expect(versions).toMatchObject([
    { version: 2, by: 'lead' },
    { version: 1, policy: { condition: 'Substantial public interest.' } },
  ])
})

test('the same again makes no version; what was written from an older version is refused', async () => {
  expect((await save(lead, input('england', 2))).version).toBe(2)
  await expect(save(lead, input('england', 1, { delay: '20' }))).rejects.toMatchObject({ kind: 'conflict' })
})

test('weighing says what would change and saves nothing', async () => {
  const weighed = await db
    .transaction()
    .execute((trx) => weighPolicy(trx, lead, input('england', 2, { delay: '20' }), now))
  expect([weighed.before.delay, weighed.policy.delay]).toEqual([14, 20])
  expect((await policyInForce(db, england.id, new Date('2028-01-01T00:00:00Z'))).version).toBe(2)
})

test('only its lead and organisers say what it allows; for others it is not there', async () => {
  const stranger = await makeAccount(db, 'stranger')
  for (const viewer of [anybody, stranger, member])
    await expect(save(viewer, input('england', 2, { delay: '20' }))).rejects.toMatchObject({
      kind: 'missing',
    })
  for (const viewer of [anybody, stranger])
    await expect(policyVersions(db, viewer, england.id)).rejects.toMatchObject({ kind: 'missing' })
  expect((await save(organiser, input('england', 2, { delay: '20' }))).version).toBe(3)
})

test('two who save at the same moment make one version; the other is told', async () => {
  const both = await Promise.allSettled([
    save(lead, input('england', 3, { delay: '21' })),
    save(organiser, input('england', 3, { delay: '22' })),
  ])
  expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await policyVersions(db, lead, england.id))[0]?.version).toBe(4)
})

describe('what the law of a nation does not allow', () => {
  test('best interests in Scotland and Ireland is refused at its field, for organisers too', async () => {
    for (const [nation, country] of [
      ['scotland', 'GB'],
      ['ireland', 'IE'],
    ] as const) {
      const { slug } = await makeOrganisation(db, { slug: nation, nation, country })
      const beyond = input(slug, 0, { 'widest-best-interests': '0' }, defaultPolicy(nation))
      await expect(save(organiser, beyond)).rejects.toMatchObject({ field: 'widest-best-interests' })
    }
  })

  test('deciding by oneself begins at 16, in Scotland at 12', async () => {
    await expect(save(lead, input('england', 4, { decides: '15' }))).rejects.toMatchObject({
      field: 'decides',
    })
    const scottish = input('scotland', 0, { decides: '12' }, defaultPolicy('scotland'))
    expect((await save(organiser, scottish)).version).toBe(1)
  })
})

describe('where nobody has read what it is, or the site does not know the law', () => {
  test('the lead of a family or of another country can tighten, and loosen back, but go no further than the strict rules', async () => {
    for (const [slug, over] of [
      ['family', { type: 'family' }],
      ['denmark', { country: 'DK', nation: null }],
    ] as const) {
      const made = await makeOrganisation(db, { slug, ...over })
      const own = await makeMember(db, made.id, { name: `lead of ${slug}`, lead: true })
      const strict = defaultPolicy(slug === 'denmark' ? null : 'england')
      const tight = await save(own, input(slug, 0, { originals: '7' }, strict))
      await save(own, input(slug, tight.version, { originals: '60', delay: '30' }, strict))
      const beyond = input(slug, 2, { 'widest-parents': '6' }, strict)
      await expect(save(own, beyond)).rejects.toMatchObject({ kind: 'forbidden', field: 'widest-parents' })
      expect((await save(organiser, beyond)).version).toBe(3)
      const kept = { ...strict, widest: { ...strict.widest, parents: 6 as const } }
      expect((await save(own, input(slug, 3, { delay: '40' }, kept))).version).toBe(4)
    }
  })
})

test('a version that cannot be read, or is of another nation, allows no more than having no organisation, and says nothing of why', async () => {
  for (const rules of ['{}', JSON.stringify(defaultPolicy('wales'))]) {
    const { id } = await makeOrganisation(db, {})
    await db.insertInto('policies').values({ organisation: id, version: 1, rules, created: now }).execute()
    expect(await policyInForce(db, id, now)).toEqual({ ...defaultPolicy(null), version: 0 })
  }
  expect(await policyInForce(db, crypto.randomUUID(), now)).toEqual({ ...sitePolicy, version: 0 })
})

test('why the law allows it is chosen from usual answers or typed; nothing is chosen before, and both are kept', () => {
  expect(input('x', 0).rules).toMatchObject({ basis: '', condition: '' })
  const chosen = input('x', 0, { 'usual-basis': 'consent', 'usual-condition': 'explicit' }).rules
  expect(chosen.basis).toContain('consent (Article 6(1)(a)).')
  expect(chosen.condition).toContain('explicit consent (Article 9(2)(a)).')
  const both = input('x', 0, { 'usual-basis': 'consent', basis: 'See our notice.' }).rules
  expect(both.basis).toBe(`${chosen.basis}\n\nSee our notice.`)
  // The same once more is kept once.
  expect(input('x', 0, { 'usual-basis': 'consent', basis: both.basis }).rules.basis).toBe(both.basis)
})

test('a condition that is emptied is never refused, however far best interests went: it ends at a showing', () => {
  const rules = { ...defaultPolicy('england'), condition: 'Substantial public interest.' }
  const wide = { ...rules, widest: { ...rules.widest, 'best-interests': 5 as const } }
  const emptied = input('x', 0, { condition: '' }, wide).rules
  expect(emptied.condition).toBe('')
  expect(widestOf({ ...wide, ...emptied }, 'best-interests')).toBe(3)
})

test.each([
  ['best interests beyond our control', { 'widest-best-interests': '7' }, 'widest-best-interests'],
  ['a term without end', { 'days-other': '9999' }, 'days-other'],
  ['no term', { 'days-other': '' }, 'days-other'],
  ['a purpose nobody knows', { purposes: 'sell' }, 'purposes'],
])('%s is said at its field', (_what, over, field) => {
  const read = v.safeParse(policyForm, {
    ...policyAsForm(defaultPolicy('england')),
    slug: 'x',
    version: '0',
    ...over,
  })
  expect(read.issues?.map((issue) => issue.path?.[0]?.key)).toContain(field)
})
