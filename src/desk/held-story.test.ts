import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { linkForSupporter } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import * as recording from '#consent/server/writes/recording.ts'
import { remindMe } from '#consent/server/writes/reminding.ts'
import { noteSign } from '#consent/server/writes/signs.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { anybody } from '#kernel/viewer.ts'
import { personToAsk } from '#stories/server/reads/ask.ts'
import { afterArrival, heldStory, ownPictures } from '#stories/server/reads/own-pictures.ts'
import * as ask from '#stories/server/writes/ask.ts'
import * as edit from '#stories/server/writes/edit.ts'
import * as order from '#stories/server/writes/order.ts'
import * as pictures from '#stories/server/writes/pictures.ts'
import * as who from '#stories/server/writes/who.ts'
import { deciding, stageFor, tellAndAgree, type Stage } from '../../test/consent/stage.ts'
import { testDatabase } from '../../test/db.ts'
import { makeWeek } from '../../test/make.ts'
import { fingerprint } from '../../test/nasty.ts'
import { makeTold } from '../../test/permission-site.ts'

const db = await testDatabase()
const now = new Date('2027-10-26T10:00:00Z')
const held = { key: 'refusal.held' }
let stage: Stage

beforeAll(async () => {
  await makeWeek(db)
  stage = await stageFor(db)
})

/** A story on the wall with two photographs of people who said yes, about which somebody is worried. */
async function worriedAbout() {
  const story = await makeTold(db, stage.by, 'She answered my hum')
  const first = await tellAndAgree(stage, now, { surface: story.id })
  const second = await tellAndAgree(stage, now, { surface: story.id })
  const asked = { surface: story.id, person: first.person, by: stage.by }
  const { token: helper } = await linkForSupporter(db, stage.teacher, asked, now)
  const about = `/stories/${story.slug}`
  const worry = { formKey: '', door: 'worried' as const, about, words: null, email: null, country: null }
  await raiseConcern(db, anybody, worry, now)
  return { story, first, second, helper }
}
type Worry = Awaited<ReturnType<typeof worriedAbout>>

/** Everything that whoever holds the link of a story can do to it, as the pages do it. */
function allOf({ story: { token }, first, second }: Worry): Record<string, () => Promise<unknown>> {
  const { version, person } = first
  const by = stage.teacher
  const [formKey, pass] = [randomUUID(), '']
  const words = { version, token, pass, words: 'SECRET words', decoration: false, caption: 'New' }
  const told = { kind: null, country: null, town: null, drawing: null, link: null, linkTitle: null }
  const teller = {
    title: 'New',
    body: 'Other',
    authorName: null,
    withName: null,
    toldHow: 'writing' as const,
  }
  const asked = { token, person, route: 'own' as const, holder: null, formKey }
  const aged = { token, person, age: 'under-13' as const, nextChange: '2028-01-01' }
  const shown = { token, version, people: [], aged: [], strangers: 1, nobody: false, more: false, show: true }
  return {
    describePicture: () => pictures.describePicture(db, by, { ...words, revision: 1 }, now),
    coverPicture: () =>
      pictures.coverPicture(
        db,
        by,
        { version, token, pass, formKey, covers: [{ shape: 'rectangle', x: 0, y: 0, w: 0.5, h: 0.5 }] },
        now,
      ),
    removePicture: () => pictures.removePicture(db, by, { token, version }, now),
    askToShow: () => pictures.askToShow(db, by, { token }, now),
    letAnswer: () => pictures.letAnswer(db, by, { token, organisation: stage.school, version: '' }, now),
    asHolder: () => pictures.asHolder(db, by, { token, version, now }, () => Promise.resolve()),
    tellWhoIsIn: () => who.tellWhoIsIn(db, by, { ...shown, words: 'SECRET', formKey }, now),
    tellSame: () => who.tellSame(db, by, { token, version: second.version, from: version }, now),
    movePicture: () => order.movePicture(db, by, { token, version, from: 0, to: 'later' }, now),
    askPerson: () => ask.askPerson(db, by, asked, now),
    tellAge: () => ask.tellAge(db, by, aged, now),
    askForHelp: () => ask.askForHelp(db, by, { token, person }, now),
    sendStory: () => edit.sendStory(db, by, { token, then: 'send' }, now),
    editStory: () =>
      edit.editStory(db, by, { ...told, ...teller, linkWords: null, then: 'send', token, revision: 2 }, now),
    putPicture: () => edit.putPicture(db, by, { token, revision: 2, number: 1, after: 0 }, now),
    withdrawStory: () => edit.withdrawStory(db, by, { token, then: 'send' }, now),
    forgetTeller: () => edit.forgetTeller(db, by, { token, then: 'send' }, now),
  }
}

/** The work of a task, and of a page that opens nothing, is no work of whoever holds a link. */
const ofNoHolder = ['placePicture', 'sendStoryLinks']

describe('while somebody is worried about a story', () => {
  test('nothing that whoever holds its link can do is done, and all of it stays as it is', async () => {
    const worry = await worriedAbout()
    const all = allOf(worry)
    const exported = [pictures, who, order, ask, edit].flatMap((room) =>
      Object.entries(room).flatMap(([name, one]) => (typeof one === 'function' ? name : [])),
    )
    expect(Object.keys(all).toSorted()).toEqual(
      exported.filter((name) => !ofNoHolder.includes(name)).toSorted(),
    )
    const before = await fingerprint(db)
    for (const [name, press] of Object.entries(all)) await expect(press(), name).rejects.toMatchObject(held)
    expect(await fingerprint(db)).toEqual(before)
  })

  test('nothing of its pictures is told to whoever holds its link', async () => {
    const { story, first } = await worriedAbout()
    const { token } = story
    const reads = [
      heldStory(db, stage.teacher, token, now),
      ownPictures(db, stage.teacher, token, now),
      afterArrival(db, stage.teacher, token, now),
      personToAsk(db, stage.teacher, { token, person: first.person }, now),
    ]
    for (const read of await Promise.allSettled(reads)) {
      expect(read).toMatchObject({ status: 'rejected', reason: held })
    }
  })

  test('the people in it change nothing by their links but to say no', async () => {
    const { story, first, helper: token } = await worriedAbout()
    const surface = story.id
    const before = await fingerprint(db)
    const { lead } = stage
    const yes = deciding({ token: first.token, permission: first.permission })
    const record = { token, surface, formKey: '', words: 'As seen.' }
    const [capacity, paper] = [
      { outcome: 'lacks', review: '2028-01-01' },
      { welfare: true, registered: true },
    ] as const
    const sighted = { sighted: true, starts: '2027-01-01', ends: null }
    const mother = { label: 'Mother', as: 'parent' as const }
    const looked = { token, surface, formKey: '', circle: 1 as const, consulted: 2, seen: 'yes' as const }
    const decision = { ...looked, review: '2028-01-01', words: 'It is theirs.', looked: [first.version] }
    const presses = [
      () => decide(db, anybody, yes, now),
      () => noteSign(db, anybody, { token, sign: 'yes', formKey: '' }, now),
      () => remindMe(db, anybody, { token, email: 'a@people.test', formKey: '' }, now),
      () => recording.writeCapacity(db, lead, { ...record, ...capacity }, now),
      () => recording.writeAuthority(db, lead, { ...record, ...paper, ...sighted }, now),
      () => recording.writeCompetence(db, lead, { ...record, outcome: 'competent' }, now),
      () => recording.writeHolders(db, lead, { token, holders: [mother] }, now),
      () => recording.writeDeath(db, lead, { token }, now),
      () => recording.writeDecision(db, lead, decision, now),
    ]
    for (const press of presses) await expect(press()).rejects.toMatchObject(held)
    expect(await fingerprint(db)).toEqual(before)
  })

  test('a no, a not-sure, what was seen of a no, and taking a yes back work as ever', async () => {
    const { first, second, helper } = await worriedAbout()
    const unsure = { token: first.token, permission: first.permission, answer: 'not-sure' as const }
    await decide(db, anybody, deciding(unsure), now)
    await noteSign(db, anybody, { token: helper, sign: 'no', formKey: '' }, now)
    const seen = { token: helper, person: null, surface: null, version: null, seen: 'away', formKey: '' }
    await objectObserved(db, anybody, seen, now)
    await withdraw(db, anybody, { token: second.token, everywhere: false, formKey: '' }, now)
    const noes = await db
      .selectFrom('objections')
      .select('whose')
      .where('person', 'in', [first.person, second.person])
      .orderBy('whose')
      .execute()
    expect(noes.map(({ whose }) => whose)).toEqual(['observed', 'observed', 'person', 'person'])
    const { state } = await db
      .selectFrom('permissions')
      .select('state')
      .where('id', '=', second.permission)
      .executeTakeFirstOrThrow()
    expect(state).toBe('withdrawn')
    await decide(db, anybody, deciding({ ...unsure, answer: 'no' }), now)
  })
})
