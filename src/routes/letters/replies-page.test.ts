import { expect, test } from 'vitest'
import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import { pressForm } from '#letters/reply.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { chooseOffices } from '#letters/server/writes/choice.ts'
import { tellAll } from '#letters/server/writes/own.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeLetter } from '../../../test/letters.ts'
import { makeWeek } from '../../../test/make.ts'
import { pageOf } from '../../../test/pages.ts'
import { load } from './[token]/replies/+page.server.ts'
import Page from './[token]/replies/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')

test('of a letter to many, whoever answered stands first, every office can be reached, and the one asked for is on top', async () => {
  await makeWeek(db)
  const bodies = await db
    .insertInto('directoryOrganisations')
    .values(Array.from({ length: 120 }, (_, at) => ({ key: `many:${at}`, name: `Council ${1000 + at}` })))
    .returning('id')
    .execute()
  const contacts = bodies.map(({ id: organisation }) => ({
    key: organisation,
    organisation,
    type: 'address' as const,
    value: 'High Street\nLeeds',
  }))
  await db.insertInto('directoryContacts').values(contacts).execute()
  const offices = bodies.map(({ id }) => `organisation:${id}`)
  const { choice } = await chooseOffices(db, anybody, { choice: null, offices }, now)
  const { token } = await makeLetter(db, now, { choice })
  await tellAll(db, anybody, { token, to: 'posted', delivery: [] }, now)
  const deliveries = (await letterBy(db, token))?.deliveries ?? []
  const shown = async (query: string): Promise<string[]> => {
    const path = `/letters/${token}/replies${query}`
    const { body } = await pageOf(Page, load, { db, now, path, params: { token } })
    return [...body.matchAll(/id="from-([0-9a-f-]{36})"/g)].flatMap(([, id]) => id ?? [])
  }
  const [answering, other] = [deliveries[110], deliveries[90]]
  await answerLetter(db, anybody, v.parse(pressForm, { code: answering?.code, press: 'visit' }), now)
  const pages = await Promise.all([1, 2, 3].map((page) => shown(`?page=${page}`)))
  expect(pages.map(({ length }) => length)).toEqual([50, 50, 20])
  expect(new Set(pages.flat())).toEqual(new Set(deliveries.map(({ id }) => id)))
  expect(pages[0]?.slice(0, 2)).toEqual([answering?.id, deliveries[0]?.id])
  expect((await shown(`?of=${other?.id}`)).slice(0, 2)).toEqual([other?.id, answering?.id])
  expect(await shown('?of=nobody&page=99')).toEqual(pages[2])
  // What an office asks for leads on; nobody is to thank whoever wants no letter.
  const pageFor = async (press: string): Promise<string> => {
    await answerLetter(db, anybody, v.parse(pressForm, { code: answering?.code, press }), now)
    const path = `/letters/${token}/replies?of=${answering?.id}`
    return (await pageOf(Page, load, { db, now, path, params: { token } })).body
  }
  expect(await pageFor('more')).toContain(`href="/letters/new?office=${answering?.ref}"`)
  expect(await pageFor('wrong-office')).toContain('href="/letters/who"')
  expect(await pageFor('not-now')).toContain('I have thanked them')
  expect(await pageFor('do-not-write')).not.toContain('I have thanked them')
})
