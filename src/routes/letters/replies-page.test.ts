import { expect, test } from 'vitest'
import * as v from 'valibot'
import { formKey } from '#kernel/input.ts'
import { anybody } from '#kernel/viewer.ts'
import { pressForm, tellForm } from '#letters/reply.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { repliesTo } from '#letters/server/reads/replies.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { chooseOffices } from '#letters/server/writes/choice.ts'
import { tellAll } from '#letters/server/writes/own.ts'
import { takeBackReply, tellReply } from '#letters/server/writes/tell.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeLetter, makeOffice } from '../../../test/letters.ts'
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
  const { body } = await pageOf(Page, load, { db, now, path: `/letters/${token}/replies`, params: { token } })
  const keys = [...body.matchAll(/name="formKey" value="([^"]+)"/g)].map(([, key]) => key)
  expect(new Set(keys).size, 'each form is another press').toBe(50)
  expect(v.parse(formKey, keys[0]), 'and is taken').toBe(keys[0])
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

test('what its writer wrote down by mistake stands in its form again, and an office’s own answer stays', async () => {
  const office = await makeOffice(db)
  const { token, letter } = await makeLetter(db, now, { offices: office.ref })
  const [{ id: delivery, code } = { id: '', code: '' }] = letter.deliveries
  await tellAll(db, anybody, { token, to: 'posted', delivery: [] }, now)
  const told = { received: '2027-10-18', via: 'phone', kind: 'promised', answered: 'yes', promise: 'A ramp' }
  await tellReply(db, anybody, v.parse(tellForm, { token, delivery, ...told }), now)
  await answerLetter(db, anybody, v.parse(pressForm, { code, press: 'visit' }), now)
  const replies = async () => (await repliesTo(db, token))?.deliveries[0]?.replies ?? []
  const [own, theirs] = (await replies()).toSorted((one) => (one.via === 'phone' ? -1 : 1))
  const { body } = await pageOf(Page, load, { db, now, path: `/letters/${token}/replies`, params: { token } })
  expect(body.match(/\?\/back/g), 'one of both is the writer’s to take back').toHaveLength(1)
  const values = await takeBackReply(db, anybody, { token, reply: own?.id ?? '' }, now)
  expect(values).toMatchObject({ delivery, ...told, words: '', due: '' })
  expect((await replies()).map(({ via }) => via)).toEqual(['reply-page'])
  expect(await db.selectFrom('promises').select('id').execute()).toEqual([])
  for (const reply of [own?.id, theirs?.id])
    await expect(takeBackReply(db, anybody, { token, reply: reply ?? '' }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
  await tellReply(db, anybody, v.parse(tellForm, { token, ...values, via: 'post' }), now)
  expect(new Set((await replies()).map(({ via }) => via))).toEqual(new Set(['post', 'reply-page']))
})
