import { expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { recordBestInterests } from '#consent/server/writes/best-interests.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { recordAuthority, recordCapacity } from '#consent/server/writes/records.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import {
  adult,
  asking,
  deciding,
  stageFor,
  tellAndCheck,
  type Stage,
} from '../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../test/db.ts'
import { makeStory, makeWeek } from '../../../../../test/make.ts'
import { ask, pageOf } from '../../../../../test/pages.ts'
import { load as loadAnswer } from '../+page.server.ts'
import Answer from '../+page.svelte'
import { actions, load } from './+page.server.ts'
import Page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const { lead, vetted, teacher } = stage

const scope = { purposes: ['celebrate' as const], modes: ['face' as const], modifiers: [] }
const words = 'SEALED: he would be proud.'

/** A picture that the lead decided may be seen by everybody, and the link of somebody who supports him. */
async function decided(by: Stage = stage) {
  const story = await makeStory(db)
  const told = await tellAndCheck(by, now, { surface: story.id })
  const { person, surface, version } = told
  await recordCapacity(
    db,
    lead,
    { person, surface: null, outcome: 'lacks', review: '2028-04-01', words: 'We used pictures.' },
    now,
  )
  const decision = { circle: 5, consulted: 2, review: '2028-03-01', seen: 'no-sign' as const, words }
  const looked = { person, surface, versions: [version] }
  const { record } = await recordBestInterests(db, lead, { ...scope, ...decision, ...looked }, now)
  const { token } = await linkForSupporter(db, by.teacher, { ...told, by: by.by }, now)
  return { ...told, token, record }
}
type Decided = Awaited<ReturnType<typeof decided>>

const open = async ({ token }: Decided, viewer: Viewer, query = '?write=review') => {
  const asked = { path: `/consent/${token}/records${query}`, db, now, viewer, params: { token } }
  return (await pageOf(Page, load, asked)).body
}
const press = ({ token }: Decided, viewer: Viewer, agrees: string) =>
  ask(actions['review'] as (event: unknown) => Promise<unknown>, {
    path: `/consent/${token}/records?/review&write=review`,
    db,
    now,
    viewer,
    params: { token },
    body: { token, agrees },
  }).catch((error: unknown) => error)
const seen = async ({ version }: Decided): Promise<boolean> =>
  (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
const events = async ({ person }: Decided): Promise<string[]> =>
  (
    await db
      .selectFrom('consentEvents')
      .select('kind')
      .where('person', '=', person)
      .where('kind', 'in', ['reviewed', 'disagreed'])
      .execute()
  ).map(({ kind }) => kind)

test('whoever looks a second time sees what was decided and the way to its reasons, not the reasons', async () => {
  const one = await decided()
  const body = await open(one, vetted)
  for (const said of [
    'What was decided',
    'Everybody who visits this site',
    '2 people were asked before',
    'It is looked at again on Wednesday 1 March 2028',
    `shown/${one.person}?record=${one.record}#${one.record}`,
    'I have looked, and it is right',
    'I do not agree',
  ])
    expect(body).toContain(said)
  expect(body).not.toContain('SEALED')
  const outside = await open(one, stage.reviewer)
  expect(outside).toContain('The reasons are sealed.')
  expect(outside).not.toContain('?record=')
})

test('with a yes it is seen, also when the button is pressed twice, and nothing is left to look at', async () => {
  const one = await decided()
  expect(await seen(one)).toBe(false)
  for (let pressed = 0; pressed < 2; pressed += 1)
    expect(await press(one, vetted, 'yes')).toMatchObject({ status: 303 })
  expect(await events(one)).toEqual(['reviewed'])
  expect(await seen(one)).toBe(true)
  expect(await open(one, vetted)).not.toContain('I do not agree')
})

test('with “I do not agree” it is seen by nobody, whoever else agrees, and it is kept once', async () => {
  const one = await decided()
  await press(one, vetted, 'yes')
  expect(await seen(one)).toBe(true)
  for (let pressed = 0; pressed < 2; pressed += 1)
    expect(await press(one, stage.reviewer, 'no')).toMatchObject({ status: 303 })
  expect(await events(one)).toEqual(['reviewed', 'disagreed'])
  expect(await seen(one)).toBe(false)
  await press(one, vetted, 'yes')
  expect(await seen(one)).toBe(false)
  expect(await open(one, vetted)).not.toContain('What was decided')
})

test('neither answer pressed is a mistake that is said, and nothing is kept', async () => {
  const one = await decided()
  expect(await press(one, vetted, '')).toMatchObject({ status: 400 })
  expect(await events(one)).toEqual([])
})

test('whoever decided, whoever posted and whoever has no part in it are refused, and their page does not ask', async () => {
  const one = await decided()
  // Somebody who posts can be a vetted practitioner all the same.
  const posted = await decided({
    ...stage,
    teacher: vetted,
    by: vetted.account ?? '',
    vetted: stage.reviewer,
  })
  for (const [what, viewer, status] of [
    [one, lead, 403],
    [posted, vetted, 403],
    [one, teacher, 404],
    [one, anybody, 404],
  ] as const) {
    expect(await open(what, viewer)).not.toContain('What was decided')
    for (const agrees of ['yes', 'no'])
      expect([viewer.name, await press(what, viewer, agrees)]).toMatchObject([viewer.name, { status }])
    expect(await events(what)).toEqual([])
  }
  expect(await press(posted, stage.reviewer, 'yes')).toMatchObject({ status: 303 })
})

test('whoever has a paper and whoever writes it down read the same steps in the same order, until nothing is left', async () => {
  const story = await makeStory(db)
  const told = await tellAndCheck(stage, now, { surface: story.id, people: [adult({ seen: 'no-sign' })] })
  const { person, surface } = told
  const asked = await requestPermission(
    db,
    teacher,
    asking({ surface, person, by: stage.by, route: 'attorney' }),
    now,
  )
  await decide(db, anybody, { ...deciding(asked), seen: 'no-sign' }, now)
  const { token } = asked
  const at = { path: `/consent/${token}?screen=done`, db, now, viewer: anybody, params: { token } }
  const steps = (body: string): string[] =>
    [...(/<ol.*?<\/ol>/s.exec(body)?.[0] ?? '').matchAll(/<li[^>]*>(.*?)<\/li>/gs)].map(([, one = '']) => one)
  const both = async (): Promise<string[]> => {
    const theirs = (await pageOf(Answer, loadAnswer, at)).body
    const records = await open({ ...told, token, record: '' }, lead, '')
    expect(steps(records)).toEqual(steps(theirs))
    expect(records).not.toContain('First write down')
    return steps(theirs)
  }
  expect(await both()).toEqual([
    'It is written down whether S.K. can decide this, with a day that is still ahead.',
    'The paper by which somebody else decides is written down.',
    'Somebody who neither posted it nor decides has seen that paper.',
  ])
  const lacks = { outcome: 'lacks' as const, review: '2028-04-01', words: 'We used pictures.' }
  await recordCapacity(db, vetted, { person, surface: null, ...lacks }, now)
  expect(await both()).toHaveLength(2)
  const paper = { welfare: true, registered: true, starts: '2027-01-01', ends: null, words: 'Seen.' }
  await recordAuthority(db, lead, { person, surface: null, sighted: true, ...paper }, now)
  expect(await both()).toEqual([])
})

test('a decision that is due again has ended, and their own page says so from that moment', async () => {
  const one = await decided()
  await press(one, vetted, 'yes')
  const page = async (at: Date): Promise<string> => {
    const asked = { path: `/consent/${one.token}?screen=done`, db, now: at, viewer: anybody }
    return (await pageOf(Answer, loadAnswer, { ...asked, params: { token: one.token } })).body
  }
  const due = Date.UTC(2028, 2, 1)
  const [before, after] = [await page(new Date(due - 1)), await page(new Date(due))]
  expect(before).toContain('Until Wednesday 1 March 2028 at the longest')
  expect(after).toContain('The time for this yes is over')
  expect(after).not.toMatch(/Then it is gone by itself|Remind me/)
})

test('whoever has a paper is asked for the person: what it is, who could see it, what the person shows, and only then', async () => {
  const story = await makeStory(db)
  const { person, surface, version } = await tellAndCheck(stage, now, { surface: story.id })
  const question = asking({ surface, person, by: stage.by, route: 'attorney' })
  const { token, permission } = await requestPermission(db, teacher, question, now)
  const page = async (query: string): Promise<string> => {
    const asked = { path: `/consent/${token}${query}`, db, now, viewer: anybody, params: { token } }
    return (await pageOf(Answer, loadAnswer, asked)).body
  }
  const first = await page('')
  expect(first).toContain('S.K. is in this. Look at it together with them.')
  expect(first).toContain('?screen=who')
  expect(await page('?screen=who')).toContain('?screen=shows')
  expect(await page('?screen=shows')).toContain('name="seen"')
  expect(await page('?screen=ask&sent=yes')).toContain('id="seen-error"')
  const ask = await page('?screen=ask&sent=yes&seen=no-sign')
  for (const words of ['Do you say yes for S.K.?', 'Decide what S.K. would want.', 'value="no-sign"'])
    expect(ask).toContain(words)
  await decide(db, anybody, { ...deciding({ token, permission }), seen: 'no-sign' }, now)
  expect(await page('')).toContain('You said yes')
  expect(await seen({ token, version, record: '', person, surface } as Decided)).toBe(false)
})
