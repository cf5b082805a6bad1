import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import {
  editStory,
  forgetTeller,
  sendStory,
  sendStoryLinks,
  withdrawStory,
} from '#stories/server/writes/edit.ts'
import { hideStory, publishStory } from '#stories/server/writes/review.ts'
import { tellAndOpen, tellStory } from '#stories/server/writes/tell.ts'
import { editedStory, linksAgain, newStory, storyToken } from '#stories/story.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
const now = new Date('2027-10-20T14:00:00Z')
const reviewer = {
  account: null as string | null,
  email: 'reviewer@example.org',
  name: 'R',
  roles: [{ role: 'reviewer' as const, group: null, organisation: null }],
}
let addresses = 0
const address = () => `teller-${(addresses += 1)}@example.org`

beforeAll(async () => {
  await makeWeek(db)
  const { id } = await db
    .insertInto('accounts')
    .values({ name: 'R', email: reviewer.email })
    .returning('id')
    .executeTakeFirstOrThrow()
  reviewer.account = id
})

const plain = { title: 'The bell', body: 'She rang it. I rang back.', town: 'Leeds' }
const form = (over: Record<string, string> = {}) => v.parse(newStory, { ...plain, email: address(), ...over })
const tell = (over: Record<string, string> = {}) => tellStory(db, anybody, form(over), now)
const rowOf = (id: string) =>
  db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const tokenIn = async (key: string): Promise<string> => {
  const mail = await db.selectFrom('mails').select('params').where('key', '=', key).executeTakeFirstOrThrow()
  return (mail.params as { link: string }).link.split('/').at(-1) ?? ''
}
const told = async (over: Record<string, string> = {}) => {
  const { story } = await tell(over)
  return { id: story, token: await tokenIn(`story:${story}:confirm`) }
}
const onTheWall = async () => {
  const one = await told()
  await sendStory(db, anybody, v.parse(storyToken, { token: one.token }), now)
  await publishStory(
    db,
    reviewer,
    { id: one.id, revision: (await rowOf(one.id)).revision, reason: null },
    now,
  )
  return { ...one, slug: (await rowOf(one.id)).slug }
}
const edit = (token: string, revision: number, over: Record<string, string> = {}) =>
  editStory(
    db,
    anybody,
    v.parse(editedStory, { ...plain, country: 'GB', token, revision: String(revision), ...over }),
    now,
  )

describe('a story that stands alone', () => {
  test('is kept, seen by nobody, and its link is mailed; only the press sends it to be read', async () => {
    const { id, token } = await told()
    expect(await rowOf(id)).toMatchObject({ state: 'unverified', week: 2027, town: 'Leeds', country: 'GB' })
    expect(await ownStory(db, anybody, token, now)).toMatchObject({ state: 'unverified', title: 'The bell' })
    expect((await rowOf(id)).state).toBe('unverified')
    expect(await sendStory(db, anybody, v.parse(storyToken, { token }), now)).toEqual({ state: 'waiting' })
    expect(await sendStory(db, anybody, v.parse(storyToken, { token }), now)).toEqual({ state: 'waiting' })
    expect(await storyBySlug(db, (await rowOf(id)).slug, now)).toBeNull()
  })

  test('is opened at once to whoever is signed in with its address, and to nobody else', async () => {
    const input = form()
    expect(await tellAndOpen(db, anybody, input, now)).toMatchObject({ state: 'unverified', own: null })
    const me = { ...anybody, account: (await makeAccount(db, 'opens')).account, email: input.email }
    const told = await tellAndOpen(db, me, { ...input, formKey: 'own' }, now)
    expect(told.state).toBe('waiting')
    expect(await ownStory(db, me, told.own ?? '', now)).toMatchObject({
      state: 'waiting',
      title: input.title,
    })
  })

  test('pressed twice with one form it is one story and one mail', async () => {
    const input = { ...form(), formKey: 'same' }
    const [one, two] = await Promise.all([
      tellStory(db, anybody, input, now),
      tellStory(db, anybody, input, now),
    ])
    expect(two).toEqual(one)
    const mails = await db.selectFrom('mails').select('id').where('address', '=', input.email).execute()
    expect(mails).toHaveLength(1)
  })

  test('takes the week, the kind and the group of the activity it tells of', async () => {
    const activity = await makeActivity(db, { kind: 'showing' })
    const { story } = await tell({ activity: `https://week.example/activities/${activity.slug}?x=1` })
    expect(await rowOf(story)).toMatchObject({ activity: activity.id, kind: 'showing', fromReport: false })
  })

  test('an activity that is not public, a kind or a group that does not exist is said at its field', async () => {
    const secret = await makeActivity(db, { state: 'by-link' })
    expect((await refused(tell({ activity: secret.slug }))).field).toBe('activity')
    expect((await refused(tell({ kind: 'yodel' }))).field).toBe('kind')
    expect((await refused(tell({ group: 'nobody-there' }))).field).toBe('group')
  })

  test('somebody signed in with that very address need not confirm; another address must', async () => {
    const email = address()
    const viewer = { account: reviewer.account, email, name: 'A', roles: [] }
    expect((await tellStory(db, viewer, form({ email }), now)).state).toBe('waiting')
    expect((await tellStory(db, viewer, form(), now)).state).toBe('unverified')
  })

  test('one address tells at most ten in an hour', async () => {
    const email = address()
    for (let press = 0; press < 10; press += 1) await tell({ email })
    expect((await refused(tell({ email }))).kind).toBe('too-often')
  })

  test('every mistake is said at its field', () => {
    const wrong = (over: Record<string, unknown>) => {
      const read = v.safeParse(newStory, { ...plain, email: 'a@example.org', ...over })
      return read.success
        ? []
        : read.issues.map((issue) => `${String(issue.path?.[0]?.key)} ${issue.message}`)
    }
    expect(wrong({})).toEqual([])
    expect(wrong({ title: ' ' })).toEqual(['title input.needed'])
    expect(wrong({ title: 'x'.repeat(121) })).toEqual(['title input.too-long'])
    expect(wrong({ body: '' })).toEqual(['body input.needed'])
    expect(wrong({ email: 'nobody' })).toEqual(['email input.email'])
    expect(wrong({ country: 'Narnia' })).toEqual(['country input.choose'])
    expect(wrong({ drawing: '-1' })).toContain('drawing input.number')
    expect(wrong({ kind: '<b>' })).toEqual(['kind input.choose'])
    expect(wrong({ title: '😀 مرحبا שלום', body: 'x\u0000y\u202E' })).toEqual([])
  })
})

describe('whoever holds the link', () => {
  test('changes a published story: it leaves the wall until it is read again, with the difference', async () => {
    const { id, token, slug } = await onTheWall()
    const { revision } = await rowOf(id)
    expect(await edit(token, revision, { body: 'She rang it twice.' })).toEqual({ state: 'waiting' })
    expect(await storyBySlug(db, slug, now)).toBeNull()
    const change = await db
      .selectFrom('storyChanges')
      .select(['diff', 'read', 'byTeller'])
      .where('story', '=', id)
      .orderBy('id', 'desc')
      .executeTakeFirst()
    expect(change).toEqual({
      diff: { body: ['She rang it. I rang back.', 'She rang it twice.'] },
      read: false,
      byTeller: true,
    })
  })

  test('saves without a change: it stays on the wall', async () => {
    const { id, token, slug } = await onTheWall()
    await edit(token, (await rowOf(id)).revision)
    expect(await storyBySlug(db, slug, now)).not.toBeNull()
  })

  test('saves a draft, or one taken back: it stays what it was; sending is a press of its own', async () => {
    const { id, token } = await told()
    await sendStory(db, anybody, v.parse(storyToken, { token, then: 'draft' }), now)
    const state = async () => (await rowOf(id)).state
    await edit(token, (await rowOf(id)).revision, { body: 'More of it.' })
    expect([await state(), (await rowOf(id)).body]).toEqual(['draft', 'More of it.'])
    await withdrawStory(db, anybody, v.parse(storyToken, { token }), now)
    await edit(token, (await rowOf(id)).revision, { body: 'Less of it.' })
    expect(await state()).toBe('withdrawn')
    await edit(token, (await rowOf(id)).revision, { body: 'All of it.', then: 'send' })
    expect(await state()).toBe('waiting')
  })

  test('saves over what somebody else changed: told so, nothing lost', async () => {
    const { id, token } = await told()
    await edit(token, 1, { title: 'First' })
    expect((await refused(edit(token, 1, { title: 'Second' }))).key).toBe('refusal.stale')
    expect((await rowOf(id)).title).toBe('First')
  })

  test('takes it back: gone at once; sent again it is read first', async () => {
    const { id, token, slug } = await onTheWall()
    const input = v.parse(storyToken, { token })
    await withdrawStory(db, anybody, input, now)
    await withdrawStory(db, anybody, input, now)
    expect(await storyBySlug(db, slug, now)).toBeNull()
    expect(await sendStory(db, anybody, input, now)).toEqual({ state: 'waiting' })
    expect((await rowOf(id)).state).toBe('waiting')
  })

  test('cannot bring back what is hidden: not by saving, not by taking it back and sending it', async () => {
    const { id, token, slug } = await onTheWall()
    await hideStory(db, reviewer, { id, reason: null }, now)
    expect(await edit(token, (await rowOf(id)).revision, { body: 'Again.' })).toEqual({ state: 'hidden' })
    const input = v.parse(storyToken, { token })
    await withdrawStory(db, anybody, input, now)
    await sendStory(db, anybody, input, now)
    const { revision } = await rowOf(id)
    expect((await refused(publishStory(db, reviewer, { id, revision, reason: null }, now))).key).toBe(
      'stories.review.second-person',
    )
    expect(await storyBySlug(db, slug, now)).toBeNull()
  })

  test('a title with a name in it leaves no trace in the address, as long as it was never published', async () => {
    const { id, token } = await told({ title: 'Maria and the bell' })
    expect((await rowOf(id)).slug).toContain('maria')
    await edit(token, 1, { title: 'The bell' })
    expect((await rowOf(id)).slug).not.toContain('maria')
  })

  test('is forgotten when they ask: no mail any more, the link still opens it', async () => {
    const { id, token } = await told()
    await forgetTeller(db, anybody, v.parse(storyToken, { token }), now)
    expect((await rowOf(id)).email).toBeNull()
    expect(await ownStory(db, anybody, token, now)).toMatchObject({ mailed: false })
  })

  test('a forged or expired link opens and changes nothing', async () => {
    const { id, token } = await told()
    const late = new Date(now.getTime() + 401 * 86_400_000)
    expect(await ownStory(db, anybody, token, late)).toBeNull()
    expect(await ownStory(db, anybody, 'forged', now)).toBeNull()
    expect((await refused(withdrawStory(db, anybody, v.parse(storyToken, { token }), late))).kind).toBe(
      'missing',
    )
    expect((await refused(edit('forged', 1))).kind).toBe('missing')
    expect((await rowOf(id)).state).toBe('unverified')
  })
})

describe('send my links again', () => {
  test('mails the links of all stories of an address, and for an unknown one does nothing that shows; the same form may be sent with the address put right', async () => {
    const email = address()
    await tell({ email, title: 'One' })
    await tell({ email, title: 'Two' })
    const ask = (of: string) =>
      sendStoryLinks(db, anybody, v.parse(linksAgain, { email: of, formKey: 'one form' }), now)
    const stranger = address()
    expect(await ask(stranger)).toBeUndefined()
    expect(await ask(email)).toBeUndefined()
    const mail = await db
      .selectFrom('mails')
      .select('params')
      .where('address', '=', email)
      .where('name', '=', 'link-again')
      .executeTakeFirstOrThrow()
    const links = (mail.params as { links: string }).links
    expect(links).toMatch(/(One|Two)\n.* 2027\nhttp.*\n\n(One|Two)\n.* 2027\nhttp/)
    const token = /\/stories\/edit\/([\w-]{32})/.exec(links)?.[1] ?? ''
    expect(await ownStory(db, anybody, token, now)).not.toBeNull()
    expect(await db.selectFrom('mails').select('id').where('address', '=', stranger).execute()).toEqual([])
  })
})
