import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { hasOpened, holdOn, isHeld } from '#consent/server/reads/holds.ts'
import { endHold, endHoldsOver, holdAtOnce, holdSurface, openHold } from '#consent/server/writes/holds.ts'
import { forgetPerson } from '#consent/server/writes/forgetting.ts'
import { takeOut } from '#consent/server/writes/placing.ts'
import { liftObjection, restore, takeDown } from '#consent/server/writes/taking-down.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const stage = await stageFor(db)
const { teacher, vetted, lead, reviewer } = stage
const reason = 'looked'

const seen = async (told: { version: string }, at: Date, viewer: Viewer = anybody): Promise<boolean> =>
  (await renditionFor(db, viewer, { version: told.version, width: 640, format: 'jpg' }, at)) !== null
const shows = async (surface: string, at: Date): Promise<boolean> =>
  (
    await sql<{
      shows: boolean
    }>`select surface_shows(${surface}::uuid, ${at}::timestamptz) as shows`.execute(db)
  ).rows[0]?.shows ?? false
const no = async (press: Promise<unknown>) => {
  const { kind, key } = await refused(press)
  return `${kind} ${key}`
}
const own = 'forbidden consent.refusal.own-no'
const second = 'forbidden consent.refusal.second-person'
const nothing = 'missing refusal.missing'

describe('taking down', () => {
  test('rule 23: hides in the caller’s own transaction: undone with it, there with it', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface } = told
    const withReport = db.transaction().execute(async (trx) => {
      await takeDown(trx, anybody, { surface, own: false }, later(1))
      expect(
        await renditionFor(trx, anybody, { version: told.version, width: 640, format: 'jpg' }, later(1)),
      ).toBeNull()
      throw new Error('the report could not be kept')
    })
    await expect(withReport).rejects.toThrow('the report could not be kept')
    expect(await seen(told, later(1))).toBe(true)
    await takeDown(db, anybody, { surface, own: false }, later(2))
    expect([await seen(told, later(2)), await shows(surface, later(2))]).toEqual([false, false])
    // No moment before it is left at which it could still be asked for.
    expect(await seen(told, later(1))).toBe(false)
  })

  test('hides a surface that nobody ever placed anything on, and pressing twice does it once', async () => {
    const surface = '11111111-1111-4111-8111-111111111111'
    expect(await shows(surface, now)).toBe(true)
    await takeDown(db, anybody, { surface, own: false }, now)
    await takeDown(db, anybody, { surface, own: false }, later(1))
    expect(await shows(surface, later(1))).toBe(false)
    const kept = await db.selectFrom('consentEvents').select('kind').where('surface', '=', surface).execute()
    expect(kept).toEqual([{ kind: 'stopped' }])
    await restore(db, reviewer, { surface, reason }, later(2))
    expect(await shows(surface, later(2))).toBe(true)
  })

  test('rule 18: only somebody who neither posted nor hid it brings it back', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface } = told
    await takeDown(db, reviewer, { surface, own: false }, later(1))
    expect(await no(restore(db, anybody, { surface, reason }, later(2)))).toBe(nothing)
    expect(await no(restore(db, teacher, { surface, reason }, later(2)))).toBe(nothing)
    expect(await no(restore(db, reviewer, { surface, reason }, later(2)))).toBe(second)
    await restore(db, vetted, { surface, reason }, later(2))
    expect(await seen(told, later(2))).toBe(true)
  })

  test('never against the person’s own no', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface } = told
    await takeDown(db, anybody, { surface, own: true }, later(1))
    for (const viewer of [reviewer, vetted, lead]) {
      expect(await no(restore(db, viewer, { surface, reason }, later(2)))).toBe(own)
    }
    const other = await tellAndAgree(stage, now)
    await withdraw(db, anybody, { token: other.token, everywhere: false, formKey: '' }, later(1))
    await restore(db, vetted, { surface: other.surface, reason }, later(2))
    expect(await seen(other, later(2))).toBe(false)
  })

  test('a no that was seen is over when somebody else has looked at it, and never by restoring', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, person } = told
    const tap = { token: '', person, surface, version: null, seen: null, formKey: '' }
    await objectObserved(db, lead, tap, later(1))
    expect(await seen(told, later(1))).toBe(false)
    await restore(db, vetted, { surface, reason }, later(2))
    expect(await seen(told, later(2))).toBe(false)
    const { id: objection } = await db
      .selectFrom('objections')
      .select('id')
      .where('surface', '=', surface)
      .executeTakeFirstOrThrow()
    for (const viewer of [anybody, lead, teacher]) {
      expect(await no(liftObjection(db, viewer, { objection, reason }, later(3)))).toBe(nothing)
    }
    await liftObjection(db, vetted, { objection, reason }, later(3))
    await restore(db, reviewer, { surface, reason }, later(4))
    expect(await seen(told, later(4))).toBe(true)
  })

  test('a no that was seen everywhere is lifted by somebody else, and the story restored after', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, person } = told
    const tap = { token: '', person, surface: null, version: null, seen: null, formKey: '' }
    await objectObserved(db, lead, tap, later(1))
    const { id: objection } = await db
      .selectFrom('objections')
      .select('id')
      .where('person', '=', person)
      .executeTakeFirstOrThrow()
    expect(await no(liftObjection(db, lead, { objection, reason }, later(2)))).toBe(nothing)
    await liftObjection(db, vetted, { objection, reason }, later(2))
    expect(await seen(told, later(2))).toBe(false)
    await restore(db, vetted, { surface, reason }, later(3))
    expect(await seen(told, later(3))).toBe(true)
  })

  test('a picture that was hidden and is taken out leaves the words hidden until somebody restores them', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, version } = told
    await withdraw(db, anybody, { token: told.token, everywhere: false, formKey: '' }, later(1))
    await takeOut(db, teacher, { surface, version, by: stage.by }, later(2))
    expect(await shows(surface, later(2))).toBe(false)
    await restore(db, vetted, { surface, reason }, later(3))
    expect([await shows(surface, later(3)), await seen(told, later(3))]).toEqual([true, false])
  })

  test('waits in the queue of whoever may bring it back, not of whoever posted it', async () => {
    const told = await tellAndAgree(stage, now)
    await takeDown(db, anybody, { surface: told.surface, own: false }, later(1))
    const waits = async (viewer: Viewer): Promise<boolean> =>
      (await waitingForSecond(db, viewer)).some(
        ({ surface, what }) => surface === told.surface && what === 'restore',
      )
    expect([await waits(vetted), await waits(reviewer), await waits(lead)]).toEqual([true, true, true])
    expect([await waits(teacher), await waits(anybody)]).toEqual([false, false])
  })
})

describe('a safeguarding hold', () => {
  const until = later(60 * 24 * 30)
  const openers = [vetted.account ?? '', lead.account ?? ''] as const

  test('hides from all, and from those who hold a pass as well', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, version } = told
    await holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(1))
    for (const as of ['poster', 'asked', 'checker'] as const) {
      const wish = { version, width: 640, format: 'jpg' as const, pass: { as, surface } }
      expect(await renditionFor(db, teacher, wish, later(1))).toBeNull()
    }
    expect(await shows(surface, later(1))).toBe(false)
  })

  test('is opened only by its two, each opening is written down, and its time ends', async () => {
    const { surface, version } = await tellAndAgree(stage, now)
    const { hold } = await holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(1))
    expect(await no(openHold(db, reviewer, { hold, why: 'curious' }, later(2)))).toBe(nothing)
    expect(await openHold(db, vetted, { hold, why: 'asked by the council' }, later(2))).toEqual({
      surface,
      versions: [version],
    })
    const opened = await db
      .selectFrom('consentEvents')
      .select(['kind', 'byWhom'])
      .where('surface', '=', surface)
      .where('kind', '=', 'opened')
      .execute()
    expect(opened).toEqual([{ kind: 'opened', byWhom: vetted.account }])
    expect(await no(openHold(db, vetted, { hold, why: 'late' }, until))).toBe(
      'conflict consent.refusal.hold-over',
    )
  })

  test('keeps from forgetting; ended, what it hid stays hidden until somebody restores it', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface, token } = told
    const { hold } = await holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(1))
    expect(await no(forgetPerson(db, anybody, { token }, later(2)))).toBe('conflict consent.refusal.held')
    expect(await no(endHold(db, reviewer, { hold, why: 'over' }, later(3)))).toBe(nothing)
    await endHold(db, lead, { hold, why: 'over' }, later(3))
    expect(await seen(told, later(3))).toBe(false)
    await restore(db, vetted, { surface, reason }, later(4))
    expect(await seen(told, later(4))).toBe(true)
  })

  test('ends by itself when its time is over: written down once, and what it hid stays hidden until somebody restores it', async () => {
    const told = await tellAndAgree(stage, now)
    const { surface } = told
    await holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(1))
    expect(await endHoldsOver(db, later(2))).toBe(0)
    expect(await isHeld(db, surface, later(2))).toBe(true)
    expect(await isHeld(db, surface, until)).toBe(false)
    expect(await endHoldsOver(db, until)).toBeGreaterThan(0)
    expect(await endHoldsOver(db, until)).toBe(0)
    const after = new Date(until.getTime() + 60_000)
    expect(await seen(told, after)).toBe(false)
    await restore(db, vetted, { surface, reason }, after)
    expect(await seen(told, after)).toBe(true)
  })

  test('put on at once keeps its two when somebody else is worried as well, and needs nobody to open it', async () => {
    const { surface } = await tellAndAgree(stage, now)
    const put = (names: readonly string[]) =>
      db
        .transaction()
        .execute((trx) =>
          holdAtOnce(trx, theSite, { surface, concern: null, openers: names, until }, later(1)),
        )
    await put([])
    await put(openers)
    const holds = await db
      .selectFrom('holds')
      .select(['openers', 'ended'])
      .where('surface', '=', surface)
      .execute()
    expect(holds).toEqual([{ openers: [], ended: null }])
    expect(await holdOn(db, reviewer, surface, later(2))).toMatchObject({ mayOpen: false, mayName: true })
    await holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(2))
    expect(await holdOn(db, reviewer, surface, later(3))).toMatchObject({ mayOpen: false, mayName: false })
    expect(await no(holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(3)))).toBe(
      nothing,
    )
  })

  test('its pictures are shown to one of the two for an hour after they opened it, which is written down', async () => {
    const { surface, version } = await tellAndAgree(stage, now)
    const { hold } = await holdSurface(db, reviewer, { surface, concern: null, openers, until }, later(1))
    expect(await hasOpened(db, vetted, surface, later(2))).toBe(false)
    await openHold(db, vetted, { hold, why: 'asked by the council' }, later(2))
    expect([
      await hasOpened(db, vetted, surface, later(3)),
      await hasOpened(db, lead, surface, later(3)),
      await hasOpened(db, vetted, surface, later(63)),
    ]).toEqual([true, false, false])
    const wish = { version, width: 640, format: 'jpg' as const, pass: { as: 'opener' as const, surface } }
    expect(await renditionFor(db, vetted, wish, later(3))).not.toBeNull()
  })

  test('needs two different people, and somebody who reviews', async () => {
    const { surface } = await tellAndAgree(stage, now)
    const same = [openers[0], openers[0]] as const
    const one = holdSurface(db, reviewer, { surface, concern: null, openers: same, until }, now)
    expect(await no(one)).toBe('invalid consent.refusal.two-openers')
    expect(await no(holdSurface(db, teacher, { surface, concern: null, openers, until }, now))).toBe(nothing)
  })
})
