import { beforeAll, expect, test } from 'vitest'
import * as v from 'valibot'
import { day } from '#kernel/limits.ts'
import { anybody } from '#kernel/viewer.ts'
import { letterForm } from '#letters/letter.ts'
import { chosenBy } from '#letters/server/reads/choice.ts'
import { addressHashes } from '#letters/server/reads/do-not-write.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { beginLetter } from '#letters/server/writes/begin.ts'
import { chooseOffices, forgetChoices } from '#letters/server/writes/choice.ts'
import { testDatabase } from '../../../../test/db.ts'
import { importing } from '../../../../test/directory.ts'
import { letterTyped } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions as newActions, load as loadNew } from '../new/+page.server.ts'
import New from '../new/+page.svelte'
import { load as loadOffice } from '../offices/[ref]/+page.server.ts'
import Office from '../offices/[ref]/+page.svelte'
import { actions as outActions, load as loadChosen } from './chosen/+page.server.ts'
import Chosen from './chosen/+page.svelte'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const councils = ['Leeds City Council', 'York City Council']
let refs: string[] = []

beforeAll(async () => {
  await makeWeek(db)
  const { bringIn, give } = importing(db)
  const rows = councils.map((name, at) => `${name},E0800003${at},,\n`).join('')
  const members = Array.from(
    { length: 60 },
    (_, at) => `${councils[0]},E08000030,Member ${at},${at < 50 ? `${at} High Street` : ''}\n`,
  ).join('')
  await bringIn(await give(`Council,GSS code,Name,Address\n${rows}${members}`, { source: 'c.csv' }))
  const bodies = await db.selectFrom('directoryOrganisations').select('id').orderBy('name').execute()
  refs = bodies.map(({ id }) => `organisation:${id}`)
})

const who = async (query: string): Promise<string> =>
  (await pageOf(Page, load, { path: `/letters/who?${query}`, db, now })).body
const sentTo = async (action: string, body: Record<string, string>) => {
  const press = actions[action] as (event: never) => unknown
  return ask(press, { path: `/letters/who?/${action}`, db, now, body })
}
/** Presses a button of the page; answers the address that comes after. */
const press = async (action: string, body: Record<string, string>): Promise<string> => {
  const answer = await sentTo(action, body).catch((thrown: unknown) => thrown)
  const { location } = answer as { location?: string }
  if (location === undefined) throw new Error(JSON.stringify(answer))
  return location
}
const choiceIn = (address: string): string => new URL(address, 'http://x').searchParams.get('choice') ?? ''
const kept = async (choice: string) => (await chosenBy(db, choice, now))?.offices.map(({ ref }) => ref)

test('what is ticked is kept by the next press, whichever it is, and stays through another search', async () => {
  const [leeds, york] = refs
  const found = await who('q=leeds')
  expect(found).toContain(`name="office" value="${leeds}"`)
  const next = await press('search', { q: 'york', office: leeds ?? '' })
  expect(next).toContain('q=york')
  expect(await kept(choiceIn(next))).toEqual([leeds])
  const page = await who(next.split('?')[1] ?? '')
  expect(page).toContain('You chose one')
  expect(page).toMatch(new RegExp(`type="checkbox" name="office" value="${york}"`))
  const both = await press('add', { q: 'york', choice: choiceIn(next), office: york ?? '' })
  expect(choiceIn(both)).toBe(choiceIn(next))
  expect(await kept(choiceIn(both))).toEqual(refs)
  expect(await press('write', { choice: choiceIn(both) })).toBe(`/letters/new?choice=${choiceIn(both)}`)
})

test('everybody in a council is chosen at once, counted, thinned and written to in one letter', async () => {
  const leeds = refs[0]?.split(':')[1] ?? ''
  const next = await press('all', { in: leeds })
  const choice = choiceIn(next)
  const all = (await kept(choice)) ?? []
  expect(all).toHaveLength(60)
  expect(await who(`in=${leeds}&choice=${choice}`)).toContain('You chose 60')
  const list = await pageOf(Chosen, loadChosen, {
    path: `/letters/who/chosen?choice=${choice}&page=2`,
    db,
    now,
  })
  expect(list.body.match(/type="checkbox"/g)).toHaveLength(10)
  expect(list.body).toContain('10 of them have no postal address')
  const out = outActions['out'] as (event: never) => unknown
  const path = `/letters/who/chosen?/out&choice=${choice}`
  await ask(out, { path, db, now, body: { choice, office: all[0] ?? '' } }).catch(() => undefined)
  await ask(out, { path, db, now, body: { choice, sort: 'no-address' } }).catch(() => undefined)
  expect(await kept(choice)).toHaveLength(49)
  const form = await pageOf(New, loadNew, { path: `/letters/new?choice=${choice}`, db, now })
  expect(form.body).toContain(`name="choice" value="${choice}"`)
  expect(form.body).toContain('You chose 49')
  const { token } = await beginLetter(db, anybody, v.parse(letterForm, { ...letterTyped, choice }), now)
  const letter = await letterBy(db, token)
  expect(letter?.deliveries).toHaveLength(49)
  await press('none', { in: leeds, choice })
  expect(await kept(choice)).toEqual([])
})

test('more than a thousand are refused at the search with the number, and what was chosen before stays', async () => {
  const { choice } = await chooseOffices(db, anybody, { choice: null, offices: refs }, now)
  await db
    .insertInto('directoryOrganisations')
    .values(Array.from({ length: 1001 }, (_, at) => ({ key: `many:${at}`, name: `Manyfold ${at}` })))
    .execute()
  const refused = (await sentTo('all', { q: 'manyfold', choice })) as {
    data: { errors: Record<string, string> }
  }
  expect(refused.data.errors['q']).toContain('1,001 offices')
  expect(await kept(choice)).toEqual(refs)
  const empty = (await sentTo('add', { q: 'manyfold' })) as { data: { errors: Record<string, string> } }
  expect(empty.data.errors['office']).toContain('Tick at least one')
})

test('an office that asked not to be written to is named beside the choice and gets no letter of it', async () => {
  const { choice } = await chooseOffices(db, anybody, { choice: null, offices: refs }, now)
  const organisation = refs[1]?.split(':')[1] ?? ''
  await db
    .insertInto('doNotWrite')
    .values({ address: 'x'.repeat(22), organisation })
    .execute()
  expect(await who(`choice=${choice}`)).toContain('asked us not to write')
  const { token } = await beginLetter(db, anybody, v.parse(letterForm, { ...letterTyped, choice }), now)
  expect((await letterBy(db, token))?.deliveries.map(({ ref }) => ref)).toEqual([refs[0]])
  // It is said where the office is found, before anybody writes a word.
  const asked = 'asked not to be written to from here.'
  const path = `/letters/new?office=${refs[1]}`
  const body = { find: 'york', words: 'Come.' }
  const sent = (await ask(newActions['find'] as never, { path, db, now, body })) as { data: object }
  const params = { ref: refs[1] ?? '' }
  for (const page of [
    await who('q=york'),
    (await pageOf(Office, loadOffice, { path: `/letters/offices/${refs[1]}`, params, db, now })).body,
    (await pageOf(New, loadNew, { path, db, now })).body,
    (await pageOf(New, loadNew, { path: '/letters/new', db, now, form: sent.data })).body,
  ]) {
    expect(page).toContain(asked)
    expect(page).not.toMatch(new RegExp(`name="offices?" value="${refs[1]}"|new\\?office=${refs[1]}"`))
  }
  const looked = await ask(newActions['preview'] as never, {
    path: '/letters/new',
    db,
    now,
    body: { ...letterTyped, offices: refs[1] ?? '' },
  })
  expect(looked).toMatchObject({ status: 409, data: { errors: { offices: expect.stringContaining(asked) } } })
  await db.deleteFrom('doNotWrite').execute()
  // All that are chosen at once are counted without them.
  const leeds = refs[0]?.split(':')[1] ?? ''
  const all = { words: '', nation: null, looksFor: [], inside: leeds }
  const everybody = await chooseOffices(db, anybody, { choice: null, offices: [], all }, now)
  expect(await who(`in=${leeds}`)).toContain('Choose all 60')
  const [one] = (await chosenBy(db, everybody.choice, now))?.offices ?? []
  const [, address = ''] = one ? addressHashes(one) : []
  await db.insertInto('doNotWrite').values({ address }).execute()
  expect(await who(`in=${leeds}`)).toContain('Choose all 59')
  await db.deleteFrom('doNotWrite').execute()
})

test('a choice is forgotten 28 days after its last change, and a letter says so at its place', async () => {
  const { choice } = await chooseOffices(db, anybody, { choice: null, offices: refs }, now)
  const later = new Date(now.getTime() + 28 * day)
  const form = v.parse(letterForm, { ...letterTyped, choice })
  await expect(beginLetter(db, anybody, form, later)).rejects.toMatchObject({
    key: 'letters.choice-gone',
    field: 'offices',
  })
  expect(await forgetChoices(db, later)).toBeGreaterThan(0)
  expect(await kept(choice)).toBeUndefined()
})

test('whoever looks for somebody else in the middle of writing keeps everything that was typed', async () => {
  const [leeds, york] = refs
  const body = { find: 'york', offices: leeds ?? '', words: 'Come and see us.', title: 'Visit us' }
  const path = `/letters/new?/find&office=${leeds}`
  const find = newActions['find']
  const sent = (await ask(find as (event: never) => unknown, { path, db, now, body })) as { data: object }
  const page = await pageOf(New, loadNew, { path: `/letters/new?office=${leeds}`, db, now, form: sent.data })
  expect(page.body).toContain('Come and see us.')
  expect(page.body).toContain('value="Visit us"')
  expect(page.body).toMatch(new RegExp(`value="${leeds}"[^>]*checked`))
  expect(page.body).toContain(`value="${york}"`)
  expect(page.body).not.toMatch(new RegExp(`value="${york}"[^>]*checked`))
  expect(page.body).toContain(encodeURIComponent(york ?? ''))
})
