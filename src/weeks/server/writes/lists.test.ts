import { beforeEach, describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { changedAsk, changedKind, kindValues, newAsk, newKind } from '#weeks/lists.ts'
import { asksOf, audiencesOf, entryHistory, kindsOf, verbsOf } from '#weeks/server/reads.ts'
import { addAsk, changeAsk } from '#weeks/server/writes/asks.ts'
import { addAudience, changeAudience } from '#weeks/server/writes/audiences.ts'
import { addKind, changeKind } from '#weeks/server/writes/kinds.ts'
import { moveEntry, retireEntry } from '#weeks/server/writes/lists.ts'
import { addVerb, changeVerb } from '#weeks/server/writes/verbs.ts'
import { saveWeek } from '#weeks/server/writes/week.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2026-05-04T10:00Z')
const reviewer: Viewer = { ...anybody, roles: [{ role: 'reviewer', group: null, organisation: null }] }
const week = 2026

const makeWeek = (year: number, monday: string, from: number | null) =>
  saveWeek(
    db,
    theSite,
    {
      year,
      monday,
      name: `Week ${year}`,
      theme: null,
      dayThemes: [],
      hashtag: null,
      announcement: null,
      policy: null,
      from,
      formKey: '',
      fresh: true,
    },
    now,
  )

beforeEach(async () => {
  for (const table of ['activities', 'weeks', 'auditLog', 'formKeys'] as const)
    await db.deleteFrom(table).execute()
  await makeWeek(week, '2026-10-19', null)
})

const picnic = (over: Record<string, string> = {}) => ({
  ...v.parse(newKind, {
    week: String(week),
    formKey: '',
    name: 'Picnic',
    hint: 'Eat outside together.',
    drawing: 'cafe',
    before: 'Bring a rug.\n\nBring a friend.',
    ...over,
  }),
  language: 'en',
})
const kindForm = async (code: string, over: Record<string, string> = {}) => {
  const kind = (await kindsOf(db, week)).find((one) => one.code === code)
  if (!kind) throw new Error(code)
  const values = { ...kindValues(kind, 'en'), revision: String(kind.revision), week: String(week), code }
  return { ...v.parse(changedKind, { ...values, ...over }), language: 'en' }
}
const codes = async (list: 'kinds' | 'audiences' | 'verbs') =>
  (await { kinds: kindsOf, audiences: audiencesOf, verbs: verbsOf }[list](db, week))
    .filter((one) => !one.retired)
    .map((one) => one.code)
const audience = { week, formKey: '', newCode: null, language: 'en', cluster: 'followed' as const }
const verb = { week, formKey: '', newCode: null, language: 'en', kind: 'cafe', onHome: false }

describe('a kind of activity', () => {
  test('is added once, last of all but before “something else”, with a code of its name that stays, and a title made of it', async () => {
    const input = picnic({ formKey: 'once' })
    expect(await addKind(db, theSite, input, now)).toBe('picnic')
    expect(await addKind(db, theSite, input, now)).toBe('picnic')
    expect(await addKind(db, theSite, picnic(), now)).toBe('picnic-2')
    expect((await codes('kinds')).slice(-3)).toEqual(['picnic', 'picnic-2', 'other'])
    const kind = (await kindsOf(db, week)).find((one) => one.code === 'picnic')
    expect(kind).toMatchObject({
      how: { en: { before: ['Bring a rug.', 'Bring a friend.'], day: [], after: [] } },
      titles: { en: { withTown: 'Picnic, {town}', plain: 'Picnic' } },
      defaultMinutes: 60,
      revision: 1,
    })
    await changeKind(db, theSite, await kindForm('picnic', { name: 'Feast' }), now)
    expect(await codes('kinds')).toContain('picnic')
  })

  test('takes a code that somebody wrote, refuses a taken one, and asks for one when a name gives none', async () => {
    expect(await addKind(db, theSite, picnic({ newCode: 'outside' }), now)).toBe('outside')
    for (const over of [{ newCode: 'cafe' }, { name: '野餐' }] as Record<string, string>[])
      await expect(addKind(db, theSite, picnic(over), now)).rejects.toMatchObject({ field: 'newCode' })
    for (const newCode of ['Café', '1st', 'a', '../x', 'x'.repeat(40)])
      expect(v.safeParse(newKind, { ...picnic(), week: '2026', newCode }).success, newCode).toBe(false)
  })

  test('is changed as it was read: a form that is older is refused, and what stands there stays', async () => {
    const [mine, theirs] = [
      await kindForm('cafe', { name: 'Mine' }),
      await kindForm('cafe', { hint: 'Theirs', before: 'One.\nTwo.' }),
    ]
    await changeKind(db, theSite, theirs, now)
    await expect(changeKind(db, theSite, mine, now)).rejects.toMatchObject({
      key: 'refusal.stale',
      field: 'revision',
    })
    const kind = (await kindsOf(db, week)).find((one) => one.code === 'cafe')
    expect(kind).toMatchObject({
      names: { en: 'Coffee morning or café' },
      hints: { en: 'Theirs' },
      revision: 2,
    })
    await changeKind(db, theSite, await kindForm('cafe', { name: 'Mine' }), now)
    const history = await entryHistory(db, theSite, { list: 'kinds', week, code: 'cafe' })
    expect(history.map(({ action, who }) => [action, who])).toEqual([
      ['kinds.changed', 'site'],
      ['kinds.changed', 'site'],
    ])
    expect(history[0]?.difference).toEqual({ name: ['Coffee morning or café', 'Mine'] })
    expect(Object.keys(history[1]?.difference ?? {})).toEqual(['hint', 'before'])
    expect(history[1]?.difference['before']?.[1]).toBe('One.\nTwo.')
    expect(await entryHistory(db, anybody, { list: 'kinds', week, code: 'cafe' })).toEqual([])
  })

  test('keeps its words in other languages when one is changed', async () => {
    await db
      .updateTable('kinds')
      .set({ names: JSON.stringify({ en: 'Café', cy: 'Caffi' }) })
      .where('code', '=', 'cafe')
      .execute()
    await changeKind(db, theSite, { ...(await kindForm('cafe', { name: 'Kaffi' })), language: 'is' }, now)
    const kind = (await kindsOf(db, week)).find((one) => one.code === 'cafe')
    expect(kind?.names).toEqual({ en: 'Café', cy: 'Caffi', is: 'Kaffi' })
  })

  test('of two who change it at once one is told', async () => {
    const forms = [await kindForm('cafe', { name: 'One' }), await kindForm('cafe', { name: 'Two' })]
    const settled = await Promise.allSettled(forms.map((form) => changeKind(db, theSite, form, now)))
    expect(settled.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('that is retired is no longer offered, keeps what was said of it, and comes back in one press', async () => {
    await makeActivity(db, { week, kind: 'broadcast' })
    const retire = (retired: 'yes' | 'no', code = 'broadcast') =>
      retireEntry(db, theSite, { list: 'kinds', week, code, retired }, now)
    await retire('yes')
    await retire('yes')
    expect(await codes('kinds')).not.toContain('broadcast')
    expect(await kindsOf(db, week)).toHaveLength(15)
    await makeWeek(2027, '2027-10-18', week)
    expect((await kindsOf(db, 2027)).map((kind) => kind.code)).not.toContain('broadcast')
    await retire('no')
    expect((await codes('kinds'))[10]).toBe('broadcast')
    const history = await entryHistory(db, theSite, { list: 'kinds', week, code: 'broadcast' })
    expect(history.map((one) => one.action)).toEqual(['kinds.offered-again', 'kinds.retired'])
    await expect(retire('yes', 'other')).rejects.toMatchObject({ key: 'weeks.kinds.other-stays' })
    await expect(retire('yes', 'never-was')).rejects.toMatchObject({ kind: 'missing' })
  })
})

describe('the order', () => {
  const move = (list: 'kinds' | 'audiences' | 'verbs', code: string, to: 'up' | 'down', formKey = '') =>
    moveEntry(db, theSite, { list, week, code, to, formKey }, now)

  test('changes by one place a press, past what is retired, and never over the ends', async () => {
    await retireEntry(db, theSite, { list: 'kinds', week, code: 'taster', retired: 'yes' }, now)
    await move('kinds', 'cafe', 'up', 'once')
    await move('kinds', 'cafe', 'up', 'once')
    expect((await codes('kinds')).slice(0, 3)).toEqual(['cafe', 'share-media', 'flash-mob'])
    await move('kinds', 'cafe', 'up')
    await move('kinds', 'cafe', 'down')
    await move('kinds', 'cafe', 'down')
    expect((await codes('kinds')).slice(0, 3)).toEqual(['share-media', 'flash-mob', 'cafe'])
    await move('kinds', 'other', 'down')
    expect((await codes('kinds')).at(-1)).toBe('other')
    await expect(move('kinds', 'never-was', 'up')).rejects.toMatchObject({ kind: 'missing' })
  })

  test('holds also where places were not told apart', async () => {
    await db.updateTable('verbs').set({ position: 0 }).execute()
    const before = await codes('verbs')
    const second = before.toSorted()[1] ?? ''
    await move('verbs', second, 'up')
    const after = await codes('verbs')
    expect(after[0]).toBe(second)
    expect(after).toHaveLength(before.length)
  })

  test('of whom to reach changes within their plain group', async () => {
    const managers = async () =>
      (await audiencesOf(db, week)).filter((one) => one.cluster === 'managers-boards').map((one) => one.code)
    const before = await managers()
    const [first = '', second = ''] = before
    await move('audiences', second, 'up')
    await move('audiences', second, 'up')
    expect(await managers()).toEqual([second, first, ...before.slice(2)])
  })
})

test('whom to reach is added, renamed and moved to another plain group, as it was read', async () => {
  const code = await addAudience(db, theSite, { ...audience, name: 'A neighbour' }, now)
  expect(code).toBe('a-neighbour')
  const change = (revision: number, name: string) =>
    changeAudience(db, theSite, { ...audience, code, revision, name, cluster: 'friends-family' }, now)
  await change(1, 'Somebody next door')
  await expect(change(1, 'Late')).rejects.toMatchObject({ key: 'refusal.stale' })
  const found = (await audiencesOf(db, week)).find((one) => one.code === code)
  expect(found).toMatchObject({ names: { en: 'Somebody next door' }, cluster: 'friends-family', revision: 2 })
  const [last] = await entryHistory(db, theSite, { list: 'audiences', week, code })
  expect(last?.difference).toEqual({
    name: ['A neighbour', 'Somebody next door'],
    cluster: ['followed', 'friends-family'],
  })
  await retireEntry(db, theSite, { list: 'audiences', week, code, retired: 'yes' }, now)
  await makeWeek(2027, '2027-10-18', week)
  expect((await audiencesOf(db, 2027)).map((one) => one.code)).not.toContain(code)
  expect(await audiencesOf(db, 2027)).toHaveLength(17)
})

test('a verb leads to a kind of its week, and says whether it stands on the home page', async () => {
  const words = { name: 'Sing', tenMinutes: 'Hum one song.' }
  await expect(addVerb(db, theSite, { ...verb, ...words, kind: 'never-was' }, now)).rejects.toMatchObject({
    field: 'kind',
  })
  expect(await addVerb(db, theSite, { ...verb, ...words }, now)).toBe('sing')
  await changeVerb(
    db,
    theSite,
    { ...verb, ...words, code: 'sing', revision: 1, onHome: true, kind: 'talk' },
    now,
  )
  expect((await verbsOf(db, week)).at(-1)).toMatchObject({ code: 'sing', kind: 'talk', onHome: true })
  await expect(
    changeVerb(db, theSite, { ...verb, ...words, code: 'sing', revision: 1 }, now),
  ).rejects.toMatchObject({ key: 'refusal.stale' })
  await makeWeek(2027, '2027-10-18', week)
  expect((await verbsOf(db, 2027)).filter((one) => one.onHome).map((one) => one.code)).toEqual([
    'show',
    'tell',
    'write',
    'display',
    'sing',
  ])
})

test('a list holds at most sixty', async () => {
  for (let count = 15; count < 60; count += 1) await addKind(db, theSite, picnic(), now)
  await expect(addKind(db, theSite, picnic(), now)).rejects.toMatchObject({ key: 'weeks.lists.full' })
  expect(new Set(await codes('kinds')).size).toBe(60)
})

test('only organisers change lists, and only those of a week that is there', async () => {
  const ask = { week: String(week), name: 'Sing', words: 'Will you sing?', answer: 'yes-no' }
  const tries: ((viewer: Viewer, of: number) => Promise<unknown>)[] = [
    (viewer, of) => addKind(db, viewer, { ...picnic(), week: of }, now),
    async (viewer, of) => changeKind(db, viewer, { ...(await kindForm('cafe')), week: of }, now),
    (viewer, of) => addAudience(db, viewer, { ...audience, week: of, name: 'x' }, now),
    (viewer, of) =>
      changeAudience(db, viewer, { ...audience, week: of, code: 'friend', revision: 1, name: 'x' }, now),
    (viewer, of) => addVerb(db, viewer, { ...verb, week: of, name: 'x y', tenMinutes: 'z' }, now),
    (viewer, of) =>
      changeVerb(
        db,
        viewer,
        { ...verb, week: of, code: 'show', revision: 1, name: 'x', tenMinutes: 'z' },
        now,
      ),
    (viewer, of) => addAsk(db, viewer, { ...v.parse(newAsk, ask), week: of, language: 'en' }, now),
    (viewer, of) =>
      changeAsk(
        db,
        viewer,
        {
          ...v.parse(changedAsk, { ...ask, code: 'visit-us', revision: '1' }),
          week: of,
          language: 'en',
        },
        now,
      ),
    (viewer, of) =>
      moveEntry(db, viewer, { list: 'kinds', week: of, code: 'cafe', to: 'up', formKey: '' }, now),
    (viewer, of) => retireEntry(db, viewer, { list: 'kinds', week: of, code: 'cafe', retired: 'yes' }, now),
  ]
  const all = () =>
    Promise.all([kindsOf(db, week), audiencesOf(db, week), verbsOf(db, week), asksOf(db, week)])
  const before = await all()
  for (const attempt of tries) {
    for (const viewer of [anybody, reviewer])
      await expect(attempt(viewer, week)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(attempt(theSite, 1999)).rejects.toMatchObject({ kind: 'missing' })
  }
  expect(await all()).toEqual(before)
})
