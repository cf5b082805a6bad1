import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import * as v from 'valibot'
import { day } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { pressForm } from '#letters/reply.ts'
import { lettersDesk } from '#letters/server/reads/desk.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { repliesTo } from '#letters/server/reads/replies.ts'
import { askForAnswers } from '#letters/server/tasks/ask.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { signingWord } from '#letters/server/writes/begin.ts'
import { chooseOffices } from '#letters/server/writes/choice.ts'
import { dealWithMail, keepMail, type KeptSort } from '#letters/server/writes/kept-mails.ts'
import { lookForAddress, lookForAll, tellAll, tellMade } from '#letters/server/writes/own.ts'
import { noteLate, returnDelivery } from '#letters/server/writes/returned.ts'
import { confirmWord } from '#letters/server/writes/send.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { testDatabase } from '../../../test/db.ts'
import { askFor, letterTyped, makeLetter, makeOffice, makeQueued } from '../../../test/letters.ts'
import { makeWeek } from '../../../test/make.ts'
import { ask, pageOf } from '../../../test/pages.ts'
import { actions, load } from './[token]/+page.server.ts'
import { actions as replyActions, load as loadReplies } from './[token]/replies/+page.server.ts'
import Replies from './[token]/replies/+page.svelte'
import { load as loadSend } from './[token]/send/+page.server.ts'
import Send from './[token]/send/+page.svelte'
import Page from './[token]/+page.svelte'
import { load as loadConfirm } from './confirm/[word]/+page.server.ts'
import Confirm from './confirm/[word]/+page.svelte'
import { load as loadSign } from './sign/[word]/+page.server.ts'
import Sign from './sign/[word]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
beforeAll(() => makeWeek(db))

async function sent(state: 'sent' | 'uncertain') {
  const office = await makeOffice(db)
  const { token, deliveries } = await makeQueued(db, now, [office.ref])
  const [id = ''] = deliveries
  await db.updateTable('deliveries').set({ state }).where('id', '=', id).execute()
  const page = async (): Promise<string> => {
    const asked = { db, now, path: `/letters/${token}`, params: { token } }
    return (await pageOf(Page, load, asked)).body
  }
  return { id, token, page }
}

test('the writer of a letter reads that nobody knows whether it left, and where to say what they know', async () => {
  const { token, page } = await sent('uncertain')
  expect(await page()).toContain('We are not sure that it left')
  expect(await page()).toContain('We never send it twice by ourselves.')
  expect(await page()).toContain(`href="/letters/${token}/send"`)
})

test('the writer of a letter that came back reads the next ways: paper, another address, the directory', async () => {
  const office = await makeOffice(db)
  await db
    .insertInto('directoryContacts')
    .values({ key: office.ref, post: office.post, type: 'address', value: 'Civic Hall\nLeeds' })
    .execute()
  const { token, deliveries } = await makeQueued(db, now, [office.ref])
  const [delivery = ''] = deliveries
  await db.updateTable('deliveries').set({ state: 'sent' }).where('id', '=', delivery).execute()
  await db.transaction().execute((trx) => returnDelivery(trx, delivery, { status: '5.1.1' }, now))
  const asked = { db, now, path: `/letters/${token}`, params: { token } }
  const page = async () => (await pageOf(Page, load, asked)).body
  const back = await page()
  for (const words of [
    'This e-mail does not work.',
    'Make it (PDF)',
    `/letters/offices/${office.ref}`,
    'Use this address',
  ])
    expect(back).toContain(words)
  expect(back).not.toContain('Send it from here')
  const send = async () => (await pageOf(Send, loadSend, { ...asked, path: `${asked.path}/send` })).body
  expect(await send()).toContain('There is no office here that we can send an e-mail to.')
  // The directory learns of another e-mail, and the letter can go there, from here as well.
  await db
    .insertInto('directoryContacts')
    .values({ key: `${office.ref} new`, post: office.post, type: 'email', value: 'new@council.org' })
    .execute()
  expect(await page()).toContain('Somebody has found out how to reach them.')
  await lookForAddress(db, anybody, { token, delivery }, now)
  expect(await page()).toContain('Send it from here')
  expect(await send()).toContain('Send me the link')
})

test('a mailbox that took nothing for seven days is no broken address: the letter may go there again', async () => {
  const { id, page } = await sent('sent')
  const late = new Date(now.getTime() + 7 * day)
  await db.updateTable('deliveries').set({ leftUs: now }).where('id', '=', id).execute()
  await db.transaction().execute((trx) => returnDelivery(trx, id, { status: '4.2.2' }, late))
  expect(await page()).toContain('Their mail server did not take it, though we tried.')
  expect(await page()).toContain('Send it from here')
})

test('the writer of a letter reads what its office answered', async () => {
  const { id, token, page } = await sent('sent')
  const { code } = (await letterBy(db, token))?.deliveries[0] ?? {}
  await answerLetter(db, anybody, v.parse(pressForm, { code, press: 'visit' }), now)
  expect(await page()).toContain('They answered on their page, Tuesday 19 October: A visit.')
  expect(await page()).toContain(`/letters/${token}/replies?of=${id}#from-${id}`)
})

test('before the press that sends a letter from here it says what is kept for that, and until when', async () => {
  const office = await makeOffice(db)
  const begun = await makeLetter(db, now, { offices: office.ref })
  const own = { db, now, path: `/letters/${begun.token}`, params: { token: begun.token } }
  const [{ id: delivery } = { id: '' }] = begun.letter.deliveries
  const carried = { ...letterTyped, delivery, to: 'opened' }
  const form = (await ask(actions['told'] as never, { ...own, body: carried })) as object
  const { body } = await pageOf(Page, load, { ...own, form })
  const keep = 'we keep here your letter, your name and address, and your e-mail.'
  const until = 'If it never leaves, we erase them on Tuesday 16 November 2027.'
  expect(body).toMatch(
    new RegExp(
      `So far your words are only in your browser\\. If you press this button, ${keep}[^<]*${until}`,
    ),
  )
  expect(body.indexOf(until)).toBeLessThan(body.indexOf('Send it from here'))
  const kept = await makeLetter(db, now, { offices: office.ref, keep: 'yes', email: 'ann@people.org' })
  const there = { db, now, path: `/letters/${kept.token}`, params: { token: kept.token } }
  for (const said of [await pageOf(Page, load, there), await pageOf(Send, loadSend, there)]) {
    expect(said.body).toContain(`For this ${keep}`)
    expect(said.body).toContain(until)
  }
})

test('that an office is an example, to which nothing is sent, is said before the press that would send it', async () => {
  vi.stubEnv('SMTP_URL', 'smtp://127.0.0.1:1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const office = await makeOffice(db, { email: 'chair@trust.example' })
  const made = await makeLetter(db, now, { offices: office.ref })
  const own = { db, now, path: `/letters/${made.token}/send`, params: { token: made.token } }
  const asking = (await pageOf(Send, loadSend, own)).body
  await askFor(db, made, now)
  const word = confirmWord(made.letter.id, 'ann@people.org')
  const confirming = (
    await pageOf(Confirm, loadConfirm, { db, now, path: `/letters/confirm/${word}`, params: { word } })
  ).body
  for (const page of [asking, confirming]) expect(page).toContain('Examples are never sent.')
  expect(confirming).not.toContain('It leaves as soon as')
})

test('whoever signs is not told to leave out what is then asked for', async () => {
  const joint = { writer: 'joint', keep: 'yes', email: 'ann@people.org', officeName: 'The Chair' }
  const { letter } = await makeLetter(db, now, joint)
  const params = { word: signingWord(letter.id) }
  const { body } = await pageOf(Sign, loadSign, { db, now, path: `/letters/sign/${params.word}`, params })
  expect(body).toContain('name="inWords"')
  expect(body).not.toContain('you can leave this out')
})

test('a letter that was handed over is walked to thanks, and one press says no more than that an answer came', async () => {
  const office = await makeOffice(db)
  const { token, letter } = await makeLetter(db, now, { offices: office.ref })
  const [{ id: delivery, code } = { id: '', code: '' }] = letter.deliveries
  const own = { db, now, path: `/letters/${token}`, params: { token } }
  const back = { ...own, path: `/letters/${token}/replies` }
  const press = (action: string, body: Record<string, string>) =>
    expect(ask(replyActions[action] as never, { ...back, body: { token, ...body } })).rejects.toMatchObject({
      status: 303,
    })
  const page = async () => (await pageOf(Page, load, own)).body
  const answers = async () =>
    (await pageOf(Replies, loadReplies, back)).body.replaceAll(/(<!--.*?-->|\s)+/g, ' ')
  await expect(
    ask(actions['told'] as never, { ...own, body: { delivery, to: 'handed-over' } }),
  ).rejects.toMatchObject({ status: 303 })
  expect(await page()).toContain('You handed it over, Tuesday 19 October')
  expect(await answers()).toContain('Has there been an answer?')
  await press('quick', { delivery, answer: 'answered' })
  expect(await answers()).toMatch(/An answer<\/strong> You told us on Tuesday 19 October 2027/)
  expect(await page()).toContain('You told us of an answer, Tuesday 19 October: An answer.')
  const { replies: [told] = [] } = (await repliesTo(db, token))?.deliveries[0] ?? {}
  expect(told).toMatchObject({ via: null, thanked: null })
  await press('thank', { reply: told?.id ?? '' })
  expect(await answers()).toContain('Thanked on Tuesday 19 October 2027')
  // The paper has its code, and what the office presses there is said as it came.
  await answerLetter(db, anybody, v.parse(pressForm, { code, press: 'yes' }), now)
  expect(await answers()).toMatch(/An answer<\/strong> On their page, Tuesday 19 October 2027/)
  expect((await letterBy(db, token))?.deliveries).toMatchObject([
    { channel: 'hand', state: 'handed-over', evidence: 'confirmed' },
  ])
})

test('a letter that is changed in two tabs shows what stands and what was typed, and the second press decides', async () => {
  const office = await makeOffice(db)
  const { token, letter } = await makeLetter(db, now, { offices: office.ref, keep: 'yes' })
  const asked = { db, now, path: `/letters/${token}`, params: { token } }
  const typed = { ...letterTyped, revision: String(letter.revision) }
  const change = (words: string, revision = typed.revision) =>
    ask(actions['words'] as never, { ...asked, body: { ...typed, words, revision } })
  await expect(change('As the first tab says.')).rejects.toMatchObject({ status: 303 })
  const form = (await change('As the second tab says.')) as { data: object } | undefined
  expect(form).toMatchObject({ status: 409 })
  const { body } = await pageOf(Page, load, { ...asked, form: form?.data })
  expect(body).toContain('As the first tab says.')
  expect(body).toContain('As the second tab says.')
  expect(body).toContain(`name="revision" value="${letter.revision + 1}"`)
})

test('what came back is asked about only where something may have arrived', async () => {
  const office = await makeOffice(db)
  const { token } = await makeQueued(db, new Date('2027-10-19T22:00:00Z'), [office.ref])
  const asked = { db, now, path: `/letters/${token}/replies`, params: { token } }
  const page = async () => (await pageOf(Replies, loadReplies, asked)).body
  expect(await page()).not.toContain('Has there been an answer?')
  expect(await page()).toContain('It leaves Wednesday 20 October, 08:00, by their clock.')
  await db.updateTable('deliveries').set({ state: 'handed-over' }).execute()
  expect(await page()).toContain('Has there been an answer?')
})

test('the writer of a letter reads that their mail server has it and goes on trying', async () => {
  const { id, page } = await sent('sent')
  expect(await page()).not.toContain('It goes on trying')
  await db.transaction().execute((trx) => noteLate(trx, id, now))
  expect(await page()).toContain('It goes on trying')
})

test('the writer of a letter reads that a mail about it waits for a person, until somebody has dealt with it', async () => {
  const { id, page } = await sent('sent')
  const keep = (sort: KeptSort) => {
    const mail = { raw: Buffer.from(sort), delivery: id, sort, domain: 'council.org' }
    return db.transaction().execute((trx) => keepMail(trx, mail, now))
  }
  const passed = 'A mail about this letter came to us, and not to you.'
  await keep('by-itself')
  expect(await page()).toContain('A machine answered this letter by itself.')
  await keep('unclear')
  expect(await page()).toContain(passed)
  expect(await page()).not.toContain('A machine answered')
  for (const { id: mail } of (await lettersDesk(db, theSite, now)).mails)
    await dealWithMail(db, theSite, { mail }, now)
  expect(await page()).not.toContain(passed)
  expect(await page()).not.toContain('A machine answered')
})

test('a letter to a thousand is begun, made and said to be posted at once; its page shows twenty and counts all', async () => {
  const bodies = await db
    .insertInto('directoryOrganisations')
    .values(Array.from({ length: 1000 }, (_, at) => ({ key: `run:${at}`, name: `Council ${1000 + at}` })))
    .returning(['id', 'name'])
    .execute()
  const contact = ({ id }: { id: string }) => ({
    key: `run:${id}`,
    organisation: id,
    type: 'address' as const,
    value: 'High Street\nLeeds',
  })
  const [last, ...others] = bodies
  if (!last) throw new Error('no bodies')
  await db.insertInto('directoryContacts').values(others.map(contact)).execute()
  const offices = bodies.map(({ id }) => `organisation:${id}`)
  const { choice } = await chooseOffices(db, anybody, { choice: null, offices }, now)
  const { token } = await makeLetter(db, now, { choice, keep: 'yes', email: 'run@example.org' })
  const page = async (number = 1): Promise<string> => {
    const asked = { db, now, path: `/letters/${token}?page=${number}`, params: { token } }
    return (await pageOf(Page, load, asked)).body
  }
  const states = async () =>
    db
      .selectFrom('deliveries')
      .innerJoin('letters', 'letters.id', 'deliveries.letter')
      .select((on) => ['state', on.fn.countAll<number>().as('count')])
      .where('letters.token', '=', hashToken(token))
      .groupBy('state')
      .orderBy('state')
      .execute()
  const first = await page()
  expect(first).toContain('All 999 letters in one file')
  expect(first.match(/class="delivery/g)).toHaveLength(20)
  expect(first).toContain('at most 20 offices in one letter')
  expect(first).not.toContain('?/ask')
  expect(await page(50)).toContain('Page 50 of 50')
  const ids = (await letterBy(db, token))?.deliveries.flatMap((one) => (one.address ? one.id : [])) ?? []
  await tellMade(db, anybody, { token, deliveries: ids }, now)
  await db.insertInto('directoryContacts').values(contact(last)).execute()
  expect(await page()).toContain('One of them is known by now.')
  await lookForAll(db, anybody, { token }, now)
  expect(await states()).toEqual([
    { state: 'made', count: 999 },
    { state: 'planned', count: 1 },
  ])
  await tellAll(db, anybody, { token, to: 'posted', delivery: ids.slice(0, 20) }, now)
  expect(await page()).toContain('20 letters have left')
  await tellAll(db, anybody, { token, to: 'posted', delivery: [] }, now)
  expect(await states()).toEqual([{ state: 'posted', count: 1000 }])
  // Whoever posted a thousand letters on one day is asked once.
  await askForAnswers(db, {}, new Date(now.getTime() + 14 * day))
  const asked = db.selectFrom('mails').select('params').where('address', '=', 'run@example.org')
  expect(await asked.where('name', '=', 'letter-asked').execute()).toMatchObject([
    { params: { count: 1000 } },
  ])
})
