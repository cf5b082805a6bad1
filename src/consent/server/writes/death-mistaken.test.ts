import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { personPage } from '#consent/server/reads/person.ts'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { stewardPage } from '#consent/server/reads/stewards.ts'
import { remindOfStewards, stewardDays } from '#consent/server/tasks-stewards.ts'
import { noteDeath, noteDeathMistaken } from '#consent/server/writes/people.ts'
import { answerAsSteward, nameSteward } from '#consent/server/writes/stewards.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import type { StewardAnswer } from '#consent/events.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { mourning, no } from '../../../../test/consent/mourned.ts'
import { stageFor } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'abe-ledger-'))
process.env['DATA_DIR'] = dataDir
afterAll(() => rmSync(dataDir, { recursive: true }))

const db = await testDatabase()
await makeWeek(db)
const day = 86_400_000
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const { lead, vetted, teacher, reviewer } = stage

type Told = { version: string; surface: string; person: string }
const { mourned, seen } = mourning(db, stage, now)
const name = (person: string) => nameSteward(db, lead, { person, called: 'sister', formKey: '' }, later(2))
const linkFor = async (told: Told): Promise<string> => (await name(told.person)).link.slice(-32)
const say = (token: string, answer: StewardAnswer, viewer: Viewer = anybody, at = later(3)) =>
  answerAsSteward(db, viewer, { token, answer, formKey: '' }, at)
const bringBack = (told: Told, viewer: Viewer, at = later(4)) =>
  restore(db, viewer, { surface: told.surface, reason: 'They are well.' }, at)

describe('a death that was written down by mistake', () => {
  const takeBack = (person: string, viewer: Viewer, at = later(3)) =>
    noteDeathMistaken(db, viewer, { person }, at)

  test('is taken back by whoever may write it down, and by a reviewer; looks like nobody is there to others', async () => {
    for (const viewer of [lead, vetted, reviewer]) {
      const { person } = await mourned()
      for (const other of [teacher, anybody, (await stageFor(db)).lead])
        expect(await no(takeBack(person, other))).toBe('missing refusal.missing')
      for (let pressed = 0; pressed < 2; pressed += 1) await takeBack(person, viewer)
      const row = db.selectFrom('peopleShown').select('died').where('id', '=', person)
      expect(await row.executeTakeFirst()).toEqual({ died: null })
      const written = db
        .selectFrom('auditLog')
        .select('account')
        .where('subject', '=', `people-shown:${person}`)
      expect(await written.where('action', '=', 'consent.death-mistaken').execute()).toEqual([
        { account: viewer.account },
      ])
    }
  })

  test('comes back as it was allowed, and no longer, once a second person has looked', async () => {
    const told = await mourned()
    await takeBack(told.person, lead)
    expect(await seen(told, later(4))).toBe(false)
    expect((await waitingForSecond(db, vetted)).map(({ surface }) => surface)).toContain(told.surface)
    expect(await no(bringBack(told, teacher))).toBe('missing refusal.missing')
    await bringBack(told, vetted)
    expect(await seen(told, later(5))).toBe(true)
    expect(await seen(told, new Date(now.getTime() + 400 * day))).toBe(false)
    expect(await personPage(db, told.token, later(5))).toMatchObject({
      died: null,
      asked: [{ state: 'given' }],
    })
  })

  test('gives back nothing that somebody said no to meanwhile', async () => {
    const told = await mourned()
    await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, later(2))
    await takeBack(told.person, lead)
    await bringBack(told, vetted).catch(() => null)
    expect(await seen(told, later(5))).toBe(false)
  })

  test('ends every link of the family, says nothing more of them, and reminds nobody', async () => {
    const told = await mourned()
    const token = await linkFor(told)
    expect(await stewardPage(db, token, later(2))).not.toBeNull()
    await takeBack(told.person, reviewer)
    expect(await stewardPage(db, token, later(3))).toBeNull()
    expect(await no(say(token, 'as-allowed', anybody, later(4)))).toBe('missing refusal.missing')
    expect(await no(say(token, 'keep-down', anybody, later(4)))).toBe('missing refusal.missing')
    expect(await no(name(told.person))).toBe('missing refusal.missing')
    const mails = () => db.selectFrom('mails').select('key').where('key', 'like', `%${told.person}`).execute()
    await remindOfStewards(db, {}, new Date(now.getTime() + (stewardDays + 1) * day))
    expect(await mails()).toEqual([])
  })

  test('leaves down what the family had said stays down, for everybody, until it is allowed anew', async () => {
    const told = await mourned()
    await say(await linkFor(told), 'keep-down')
    await takeBack(told.person, lead, later(4))
    await bringBack(told, vetted, later(5)).catch(() => null)
    for (const as of [undefined, 'poster', 'checker', 'asked'] as const)
      expect(await seen(told, later(6), as)).toBe(false)
  })

  test('may be written down again, and then nothing is seen', async () => {
    const told = await mourned()
    await takeBack(told.person, lead)
    await bringBack(told, vetted)
    await noteDeath(db, lead, { person: told.person }, later(6))
    expect(await seen(told, later(6))).toBe(false)
  })
})
