import { beforeAll, expect, test } from 'vitest'
import { day, hour } from '#kernel/limits.ts'
import { theSite } from '#kernel/viewer.ts'
import { sealOf } from '#letters/server/codes.ts'
import { leaveAloneRequests } from '#letters/server/reads/leave-alone.ts'
import { oldPromises } from '#letters/server/reads/promises.ts'
import { returnDelivery } from '#letters/server/writes/returned.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeLetter, makeOffice, makeQueued } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { somebody } from '../../../../test/viewers.ts'
import { actions as replyActions, load as loadReply } from '../../reply/[code]/+page.server.ts'
import Reply from '../../reply/[code]/+page.svelte'
import { actions as findActions, load as loadFind } from '../../reply/+page.server.ts'
import Find from '../../reply/+page.svelte'
import { actions, load } from './+page.server.ts'
import Letters from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
beforeAll(() => makeWeek(db))

test('an office that asks with the code of a paper letter reads that a person looks first, and the desk decides with one press', async () => {
  const office = await makeOffice(db)
  const { letter } = await makeLetter(db, now, { offices: office.ref })
  const code = letter.deliveries[0]?.code ?? ''
  const asked = { db, now, path: `/reply/${code}`, params: { code } }
  const page = async (): Promise<string> => (await pageOf(Reply, loadReply, asked)).body
  expect(await page()).toContain('A person here looks at it first: whoever wrote the letter has this page')
  const pressed = ask(replyActions['answer'] as never, { ...asked, body: { press: 'do-not-write', code } })
  await expect(pressed).rejects.toMatchObject({ status: 303, location: `/reply/${code}?done` })
  expect(await page()).toContain('Until then people can still write to you')
  const desk = { db, now, viewer: theSite, path: '/desk/letters' }
  const list = async (): Promise<string> => (await pageOf(Letters, load, desk)).body
  expect(await list()).toContain('Nobody has said that this letter left.')
  const request = (await leaveAloneRequests(db, theSite, now)).waiting[0]?.id ?? ''
  const decide = (to: string, viewer = theSite) =>
    ask(actions['leave'] as never, { ...desk, viewer, body: { request, to } })
  expect(await decide('nonsense')).toMatchObject({ status: 400 })
  expect(await decide('accepted', somebody())).toMatchObject({ status: 404 })
  await expect(decide('accepted')).rejects.toMatchObject({ status: 303 })
  expect(await list()).toContain('They were to be left alone.')
  expect(await page()).toContain('Nobody can write to your office through this site any more.')
  // Somebody else had the list open and presses the other button.
  const late = { status: 409, data: { said: expect.stringContaining('already: they are left alone') } }
  expect(await decide('declined')).toMatchObject(late)
  await expect(decide('waiting')).rejects.toMatchObject({ status: 303 })
  await expect(decide('declined')).rejects.toMatchObject({ status: 303 })
  expect(await list()).toContain('It stays as it was.')
  expect(await page()).toContain('could not tell that it comes from your office')
})

test('a code typed from paper opens its page; a wrong one is said at its place, and whoever tries many is stopped', async () => {
  // Before all other tests of this address, which guess from the same place.
  const early = new Date('2027-10-19T06:00:00Z')
  const office = await makeOffice(db)
  const { letter } = await makeLetter(db, now, { offices: office.ref })
  const code = letter.deliveries[0]?.code ?? ''
  const type = (typed: string) =>
    ask(findActions['default'] as never, { db, now: early, path: '/reply', body: { code: typed } })
  await expect(type(` ${code.toLowerCase().replace('-', ' ')} `)).rejects.toMatchObject({
    status: 303,
    location: `/reply/${code}`,
  })
  const notThere = {
    status: 400,
    data: { values: { code: 'ABCD-2345' }, errors: { code: expect.any(String) } },
  }
  // What is said of offices below leads elsewhere, and not to where it stands.
  const { body } = await pageOf(Find, loadFind, { db, now, path: '/reply' })
  expect(body).toContain('Who pays')
  expect(body).not.toContain('href="/reply"')
  for (let tries = 0; tries < 20; tries += 1) expect(await type('ABCD-2345')).toMatchObject(notThere)
  expect(await type(code)).toMatchObject({ status: 429 })
  // The address in a mail is not guessed, and opens.
  const opened = (path: string) => ask(loadReply as never, { db, now: early, path, params: { code } })
  await expect(opened(`/reply/${code}`)).rejects.toMatchObject({ status: 429 })
  expect(await opened(`/reply/${code}?seal=${sealOf(code)}`)).toMatchObject({ page: { code } })
})

test('an office from which several letters came back stands there once, with what its server said last', async () => {
  const [several, one] = [await makeOffice(db, { name: 'Otter Trust' }), await makeOffice(db)]
  const comesBack = async ({ ref }: { ref: string }, status: string, at: Date) => {
    const { deliveries } = await makeQueued(db, now, [ref])
    const [id = ''] = deliveries
    await db.updateTable('deliveries').set({ state: 'sent' }).where('id', '=', id).execute()
    await db.transaction().execute((trx) => returnDelivery(trx, id, { status }, at))
  }
  await comesBack(several, '5.7.1', now)
  await comesBack(several, '5.2.2', new Date(now.getTime() + hour))
  await comesBack(one, '5.1.1', now)
  const desk = { db, now: new Date(now.getTime() + day), viewer: theSite, path: '/desk/letters' }
  const { body } = await pageOf(Letters, load, desk)
  const list = body.slice(body.indexOf('id="returned"'), body.indexOf('id="promises"'))
  expect(list.match(/href="\/letters\/offices\/[^"]+/g)).toEqual([
    `href="/letters/offices/${several.ref}`,
    `href="/letters/offices/${one.ref}`,
  ])
  expect(list.match(/Their server said [\d.]+/g)).toEqual([
    'Their server said 5.2.2',
    'Their server said 5.1.1',
  ])
})

test('what one member of a body promised is not told to those who write to another', async () => {
  await makeWeek(db, { year: 2028, monday: '2028-10-16', name: 'Week 2028' })
  const { ref, organisation } = await makeOffice(db)
  const before = await makeLetter(db, now, { offices: ref })
  const { letter } = await makeLetter(db, now, { offices: ref })
  const promise = { organisation, words: 'We come on a Monday', week: 2027, shared: true }
  await db
    .insertInto('promises')
    .values({ ...promise, delivery: before.letter.deliveries[0]?.id ?? '' })
    .execute()
  await db.updateTable('letters').set({ week: 2028 }).where('id', '=', letter.id).execute()
  const people = await db
    .insertInto('directoryPeople')
    .values(['Sam Lee', 'Zoë Khan'].map((name) => ({ key: `test:${name}`, name })))
    .returning('id')
    .execute()
  const [one, other] = people.map(({ id }) => id)
  const writeTo = (of: string, person: string | undefined) =>
    db
      .updateTable('deliveries')
      .set({ person: person ?? null, post: null })
      .where('letter', '=', of)
      .execute()
  await writeTo(before.letter.id, one)
  for (const [person, told] of [[other, 0] as const, [undefined, 0] as const, [one, 1] as const]) {
    await writeTo(letter.id, person)
    expect(await oldPromises(db, letter.id)).toHaveLength(told)
  }
})

test('who saves a promise that somebody else has saved meanwhile sees both, with what they typed in the form', async () => {
  const { letter } = await makeLetter(db, now, { offices: (await makeOffice(db)).ref })
  const body = { press: 'yes', promise: 'A ramp', code: letter.deliveries[0]?.code ?? '' }
  const path = `/reply/${body.code}`
  const answered = ask(replyActions['answer'] as never, { db, now, path, body })
  await expect(answered).rejects.toMatchObject({ status: 303 })
  const desk = { db, now, viewer: theSite, path: '/desk/letters' }
  const { body: page } = await pageOf(Letters, load, desk)
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
  const opened = hidden('opened').replaceAll('&amp;', '&')
  const form = { promise: hidden('promise'), revision: hidden('revision'), opened }
  const save = (over: Record<string, string>) =>
    ask(actions['promise'] as never, { ...desk, body: { ...form, ...over } })
  await expect(save({ state: 'kept', shared: 'yes', note: 'Seen' })).rejects.toMatchObject({ status: 303 })
  const back = (await save({ state: 'lapsed', note: '' })) as { status: number; data: object }
  expect(back.status).toBe(409)
  const both = (await pageOf(Letters, load, { ...desk, form: back.data })).body
  expect(both).toContain('Somebody changed this while you were writing')
  expect(both).toMatch(/How did it go\?<.*?>Kept<.*?>Not kept</s)
  expect(both).toContain('It is in the form now: Show it to people who write to them next year · A note.')
  expect(both).toMatch(/name="revision" value="2"/)
  // What the office promises has changed as well.
  const anew = ask(replyActions['answer'] as never, {
    db,
    now,
    path,
    body: { ...body, promise: 'Two ramps' },
  })
  await expect(anew).rejects.toMatchObject({ status: 303 })
  expect(await save({ state: 'kept', revision: '2' })).toMatchObject({ status: 409 })
  const long = (await save({ state: 'kept', note: 'x'.repeat(501) })) as { data: object }
  const wrong = (await pageOf(Letters, load, { ...desk, form: long.data })).body
  expect(wrong).toContain(`href="#note-${form.promise}"`)
})

test('an office that somebody typed reads that its promise is kept without its name', async () => {
  const hint = async (over: Record<string, string>): Promise<string> => {
    const code = (await makeLetter(db, now, over)).letter.deliveries[0]?.code ?? ''
    const { body } = await pageOf(Reply, loadReply, { db, now, path: `/reply/${code}`, params: { code } })
    return /id="promise-hint">([^<]*)/.exec(body)?.[1] ?? ''
  }
  const typed = { officeName: 'The Chair', officeLines: 'Civic Hall' }
  expect(await hint(typed)).toContain('its name is erased')
  expect(await hint({ offices: (await makeOffice(db)).ref })).toContain('somebody may ask about it next year')
})

test('the desk is told to ask an office of the directory, and not one that it cannot know', async () => {
  const typed = { officeName: 'The Chair', officeEmail: 'chair@nowhere.org' }
  const offices = (await makeOffice(db, { name: 'Vole Trust' })).ref
  await db.deleteFrom('doNotWriteRequests').execute()
  const list = async (over: Record<string, string>): Promise<string> => {
    const body = {
      press: 'do-not-write',
      code: (await makeLetter(db, now, over)).letter.deliveries[0]?.code ?? '',
    }
    const path = `/reply/${body.code}`
    await expect(ask(replyActions['answer'] as never, { db, now, path, body })).rejects.toMatchObject({
      status: 303,
    })
    const desk = await pageOf(Letters, load, { db, now, viewer: theSite, path: '/desk/letters' })
    return desk.body.slice(desk.body.indexOf('id="asked"'), desk.body.indexOf('id="alone"'))
  }
  const unknown = await list(typed)
  expect(unknown).toContain('You cannot ask it.')
  expect(unknown).not.toContain('Ask the office')
  expect(await list({ offices })).toContain('Ask the office at an address that you know')
})
