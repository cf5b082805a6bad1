import { beforeEach, expect, test } from 'vitest'
import { bringInDirectory, giveDirectory, undoDirectory } from '#letters/server/writes/directory-import.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { from, importing, inParts, parliament } from '../../../../test/directory.ts'
import { somebody } from '../../../../test/viewers.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { bringIn, empty, give, imported } = importing(db)

beforeEach(empty)

test('a file of more than 100 MB is refused with the number, and an empty one too', async () => {
  async function* large() {
    for (let at = 0; at < 101; at += 1) yield Buffer.alloc(1024 * 1024, 32)
  }
  const given = { ...from, retrieved: '2027-10-01', quiet: true }
  await expect(giveDirectory(db, theSite, { ...given, bytes: large() }, now)).rejects.toMatchObject({
    key: 'directory.wrong.large',
    params: { most: 100 },
  })
  await expect(giveDirectory(db, theSite, { ...given, bytes: inParts('') }, now)).rejects.toMatchObject({
    key: 'directory.wrong.empty',
  })
  expect(await db.selectFrom('directoryImports').select('id').execute()).toEqual([])
})

test('only an organiser brings in and takes back', async () => {
  const given = { ...from, retrieved: '2027-10-01', quiet: true }
  for (const viewer of [anybody, somebody(), somebody('reviewer')]) {
    await expect(giveDirectory(db, viewer, { ...given, bytes: inParts('{}') }, now)).rejects.toMatchObject({
      kind: 'forbidden',
    })
    const id = crypto.randomUUID()
    await expect(bringInDirectory(db, viewer, { formKey: '', id }, now)).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await expect(undoDirectory(db, viewer, { formKey: '', id }, now)).rejects.toMatchObject({
      kind: 'forbidden',
    })
  }
})

test(
  'fifty thousand memberships come in whole, and again without a change',
  { timeout: 60_000 },
  async () => {
    const many = 50_000
    const big = JSON.stringify({
      memberships: Array.from({ length: many }, (_, at) => ({
        id: `m/${at}`,
        person_id: `p/${at % 12_000}`,
        organization_id: 'lords',
        start_date: '2001-01-01',
      })),
      organizations: parliament.organizations,
      persons: Array.from({ length: 12_000 }, (_, at) => ({ id: `p/${at}`, name: `Person ${at}` })),
    })
    await bringIn(await give(big, { size: 300_000 }))
    const again = await give(big, { size: 300_000 })
    expect((await imported(again)).counts.membership).toEqual({ new: 0, changed: 0, ended: 0, same: many })
  },
)
