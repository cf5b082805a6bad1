import * as v from 'valibot'
import { expect, test } from 'vitest'
import { groupForm } from '#groups/group.ts'
import { groupBySlug, groupsLedBy, listGroups } from '#groups/server/reads.ts'
import { hideGroup, saveGroup } from '#groups/server/writes.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../test/db.ts'
import { takeJobs } from '../../test/pictures/workshop.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T10:00:00Z')
const organiser: Viewer = {
  account: null,
  email: 'o@example.org',
  name: 'Org',
  roles: [{ role: 'organiser', group: null, organisation: null }],
}
const form = (over: Record<string, string> = {}) =>
  v.parse(groupForm, {
    name: 'Leeds support group',
    country: 'GB',
    town: 'Leeds',
    rhythm: 'First Tuesday',
    ...over,
  })

test('a group is started by an organiser, stands on the list, and lies where its town lies', async () => {
  const slug = await saveGroup(db, organiser, form(), now)
  expect(await listGroups(db)).toMatchObject([{ slug, name: 'Leeds support group', country: 'GB' }])
  expect(await groupBySlug(db, anybody, slug)).toMatchObject({ lat: expect.closeTo(53.8, 1), revision: 1 })
})

test('nobody else may start one, and pressing twice starts one', async () => {
  await expect(saveGroup(db, anybody, form(), now)).rejects.toMatchObject({ kind: 'forbidden' })
  const twice = form({ name: 'Aarhus group', country: 'DK', town: 'Aarhus', formKey: 'k1' })
  const [first, second] = await Promise.all([
    saveGroup(db, organiser, twice, now),
    saveGroup(db, organiser, twice, now),
  ])
  expect(first).toBe(second)
  expect((await listGroups(db)).filter((group) => group.country === 'DK')).toHaveLength(1)
})

test('a second group of the same name gets an address of its own; a town nobody knows is said at its field', async () => {
  const slug = await saveGroup(db, organiser, form(), now)
  expect(slug).toMatch(/^leeds-support-group-[a-z0-9]{4}$/)
  await expect(saveGroup(db, organiser, form({ town: 'Qqqqzzz' }), now)).rejects.toMatchObject({
    field: 'town',
  })
})

test('a change to what somebody else changed meanwhile is refused, and a lead changes only their own', async () => {
  const group = await groupBySlug(db, anybody, 'leeds-support-group')
  const lead: Viewer = {
    ...organiser,
    roles: [{ role: 'group-lead', group: group?.id ?? '', organisation: null }],
  }
  const change = form({ slug: 'leeds-support-group', revision: '1', page: 'We meet upstairs.' })
  await saveGroup(db, lead, change, now)
  // Its name stands beside stories: they are looked through again.
  expect(await takeJobs(db, 'group.changed')).toEqual([{ group: group?.id }])
  await expect(saveGroup(db, lead, change, now)).rejects.toMatchObject({ kind: 'conflict' })
  await expect(saveGroup(db, lead, form({ slug: 'aarhus-group', revision: '1' }), now)).rejects.toMatchObject(
    {
      kind: 'missing',
    },
  )
  expect(await groupsLedBy(db, lead)).toHaveLength(1)
  expect(await groupsLedBy(db, anybody)).toEqual([])
})

test('a hidden group is nowhere for visitors', async () => {
  await hideGroup(db, organiser, { slug: 'aarhus-group', hidden: true })
  expect(await groupBySlug(db, anybody, 'aarhus-group')).toBeNull()
  expect((await listGroups(db)).map((group) => group.slug)).not.toContain('aarhus-group')
  await expect(hideGroup(db, anybody, { slug: 'aarhus-group', hidden: false })).rejects.toMatchObject({
    kind: 'forbidden',
  })
})
