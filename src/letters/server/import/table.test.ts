import { beforeEach, expect, test } from 'vitest'
import { previewStep } from '#letters/server/import/steps.ts'
import { searchOffices } from '#letters/server/reads/search-offices.ts'
import { chooseColumns } from '#letters/server/writes/directory-import.ts'
import { choicesInput } from '#letters/directory.ts'
import { theSite } from '#kernel/viewer.ts'
import * as v from 'valibot'
import { testDatabase } from '../../../../test/db.ts'
import { importing } from '../../../../test/directory.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const { bringIn, empty, give, imported, rows } = importing(db)

beforeEach(empty)

const table = [
  'Council,Council GSS code,Ward name,Councillor Name,Political Party,E-mail,Telephone,Correspondence address',
  'Leeds City Council,E08000035,Headingley,Sam Lee,Yellow,Sam.Lee@leeds.example,0113 496 0000,"Civic Hall, Calverley Street, Leeds"',
  'Leeds City Council,E08000035,Headingley,Jo Day,Blue,jo@leeds.example,,',
  'Cardiff Council,W06000015,Cathays,,,,,',
  'Leeds City Council,E08000035,Adel,No Mail,Blue,not an address,,',
  '',
].join('\n')

test('a table of councillors comes in by guess, with vacant seats as offices and mistakes with their lines', async () => {
  const id = await give(table, { source: 'councillors.csv' })
  const { leftOut, format } = await imported(id)
  expect(format).toBe('csv')
  expect(leftOut).toMatchObject({
    count: 0,
    parts: 1,
    first: [{ line: 5, key: 'directory.left.email', part: true }],
  })
  await bringIn(id)
  const all = await rows()
  expect(all.organisations.map((one) => [one.key, one.name, one.classification, one.nation])).toEqual([
    ['gss:E08000035', 'Leeds City Council', 'council', 'england'],
    ['gss:W06000015', 'Cardiff Council', 'council', 'wales'],
  ])
  expect(all.posts.map((one) => one.label).toSorted()).toEqual(['Adel', 'Cathays', 'Headingley'])
  expect(all.people.map((one) => one.name).toSorted()).toEqual(['Jo Day', 'No Mail', 'Sam Lee'])
  expect(all.contacts.find((one) => one.type === 'address')?.value).toBe(
    'Civic Hall\nCalverley Street\nLeeds',
  )
  expect(all.contacts.filter((one) => one.type === 'email').map((one) => one.value)).toContain(
    'sam.lee@leeds.example',
  )
})

test('which column is what can be said otherwise, and without a body nothing comes in', async () => {
  const id = await give('Where;Who\nLeeds;Sam Lee\n', { source: 'a.csv' })
  expect((await imported(id)).counts).toEqual({})
  await expect(bringIn(id)).rejects.toMatchObject({ key: 'directory.columns.organisation' })
  const input = v.parse(choicesInput, {
    id,
    organisation: '0',
    name: '1',
    classification: 'trust',
    nation: 'wales',
    roleWord: 'Chair',
  })
  await chooseColumns(db, theSite, input, now)
  await previewStep(db, id)
  await bringIn(id)
  const { posts, organisations } = await rows()
  expect(posts.map((one) => one.label)).toEqual(['Chair'])
  expect(organisations[0]).toMatchObject({ name: 'Leeds', classification: 'trust', nation: 'wales' })
})

test('a broken table is refused with its line, and one in Windows letters is read', async () => {
  const { state, problem } = await imported(
    await give('council,name\nLeeds,"never closed\n', { source: 'b.csv' }),
  )
  expect([state, problem?.key]).toEqual(['failed', 'directory.wrong.csv'])
  await bringIn(await give(Buffer.from('council,name\nLeeds,Zo\xeb Khan\n', 'latin1'), { source: 'c.csv' }))
  expect((await rows()).people.map((one) => one.name)).toEqual(['Zoë Khan'])
})

test('a row with fewer columns than the first one, or with more, is named with its line and left out', async () => {
  const words = [
    'council,name,email,phone,,',
    'Leeds,Sam Lee,sam@leeds.example,0113 496 0000,,',
    'Leeds,jo@leeds.example',
    'Leeds,Civic Hall, 2 High Street,ann@leeds.example,0113 496 0001,,',
    'Leeds,"Two',
    'lines",two@leeds.example,,,,,,',
    'Leeds,One Short,one@leeds.example',
    'Printed on Monday',
    '',
  ].join('\n')
  const id = await give(words, { source: 'short.csv' })
  expect((await imported(id)).leftOut).toMatchObject({
    count: 4,
    first: [
      { line: 3, key: 'directory.left.columns', params: { found: 2, named: 4 } },
      { line: 4, key: 'directory.left.columns', params: { found: 5, named: 4 } },
      { line: 7, key: 'directory.left.columns', params: { found: 3, named: 4 } },
      { line: 8, key: 'directory.left.columns', params: { found: 1, named: 4 } },
    ],
  })
  await bringIn(id)
  expect((await rows()).people.map((one) => one.name).toSorted()).toEqual(['Sam Lee', 'Two lines'])
})

test('an address in several columns is known by their usual names, and becomes one with its town and postcode', async () => {
  const lines = [
    'Council,Councillor,Job title,Address line 1,Address Line 2,Address3,Town/City,Post code',
    'Leeds City Council,Sam Lee,Leader,Civic Hall,"12, Calverley Street",,Leeds,LS1 1UR',
    'Leeds City Council,Jo Day,,"Civic Hall, Leeds, LS1 1UR",,,Leeds,LS1 1UR',
  ]
  await bringIn(await give(lines.join('\n'), { source: 'lines.csv' }))
  expect((await rows()).contacts.map((one) => one.value).toSorted()).toEqual([
    'Civic Hall\n12 Calverley Street\nLeeds\nLS1 1UR',
    'Civic Hall\nLeeds\nLS1 1UR',
  ])
  const { offices } = await searchOffices(
    db,
    { words: 'leader', nation: null, looksFor: [], inside: null },
    now,
  )
  expect(offices[0]?.address).toEqual([
    'Sam Lee',
    'Leader',
    'Leeds City Council',
    'Civic Hall',
    '12 Calverley Street',
    'Leeds',
    'LS1 1UR',
  ])
})

test('a file that is called JSON and is none is refused where it was chosen', async () => {
  for (const words of ['garbage', 'name,email\nx,y\n', '"people"']) {
    await expect(give(words, { source: 'people.json' })).rejects.toMatchObject({
      key: 'directory.wrong.not-json',
      field: 'file',
    })
  }
})
