import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import { fold } from '#consent/fold.ts'
import { eventsOf } from '#consent/server/load.ts'
import { firstBroken } from '#consent/server/log.ts'
import { multirange } from '#consent/server/views.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { forgetPerson } from '#consent/server/writes/forgetting.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { asking, deciding, stageFor, tellAndAgree, tellAndCheck } from '../../../test/consent/stage.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-20T12:00:00Z')
const stage = await stageFor(db)
const wishOf = (version: string) => ({ version, width: 640, format: 'jpg' as const })

describe('rule 32', () => {
  test('what the tables say is the fold of the log', async () => {
    const told = await tellAndAgree(stage, now)
    const state = fold(await eventsOf(db, { surfaces: [told.surface], people: [] }))
    const row = await db
      .selectFrom('placements as p')
      .innerJoin('surfaces as f', 'f.id', 'p.surface')
      .select(['p.id', 'p.state'])
      .select(sql<string>`(p.shows * f.shows)::text`.as('shows'))
      .where('p.surface', '=', told.surface)
      .executeTakeFirstOrThrow()
    const expected = await sql<{ shows: string }>`
      select ${multirange(showsOf(state, row.id))}::tstzmultirange::text as shows`.execute(db)
    expect(row.shows).toBe(expected.rows[0]?.shows)
    expect(state.asked.get(told.permission)?.given?.by).toMatch(/^link:/)
  })

  test('the chain tells an event that was changed, taken out or put in', async () => {
    await tellAndAgree(stage, now)
    expect(await firstBroken(db)).toBeNull()
    const { rows } = await sql<{ n: number }>`select max(n)::int - 2 as n from consent_events`.execute(db)
    const n = rows[0]?.n ?? 0
    const change = async (statement: ReturnType<typeof sql>): Promise<number | null> =>
      db
        .transaction()
        .execute(async (trx) => {
          await statement.execute(trx)
          throw Object.assign(new Error('back'), { broken: await firstBroken(trx) })
        })
        .catch((error: unknown) => (error as { broken: number | null }).broken)
    expect(await change(sql`update consent_events set facts = facts || '{"x": 1}' where n = ${n}`)).toBe(n)
    expect(await change(sql`update consent_events set by_whom = 'me' where n = ${n}`)).toBe(n)
    expect(await change(sql`update consent_events set at = at - interval '1 day' where n = ${n}`)).toBe(n)
    expect(await change(sql`delete from consent_events where n = ${n}`)).toBe(n + 1)
  })

  test('forgetting somebody leaves only the keyed digest of what the log knew, and shows nothing of them', async () => {
    const told = await tellAndAgree(stage, now)
    await forgetPerson(db, anybody, { token: told.token }, now)
    const left = await db
      .selectFrom('consentEvents')
      .select(['kind', 'facts', 'digest'])
      .where('person', '=', told.person)
      .where('kind', 'in', ['person', 'requested', 'given'])
      .execute()
    expect(left.map(({ kind }) => kind).toSorted()).toEqual(['given', 'person', 'requested'])
    for (const { facts, digest } of left) expect([facts, digest.length]).toEqual([null, 32])
    expect(await firstBroken(db)).toBeNull()
    expect(await renditionFor(db, anybody, wishOf(told.version), now)).toBeNull()
    expect(await personPage(db, told.token, now)).toBeNull()
    const person = await db.selectFrom('peopleShown').selectAll().where('id', '=', told.person).execute()
    expect(person).toMatchObject([{ label: '–', nameHashes: [], organisation: null, supported: null }])
    await expect(forgetPerson(db, stage.reviewer, { person: told.person }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
    expect(await firstBroken(db)).toBeNull()
  })
})

describe('rule 4', () => {
  test('a no and a yes pressed at the same moment end in no', async () => {
    for (let round = 0; round < 5; round += 1) {
      const told = await tellAndAgree(stage, now)
      const again = await tellAndCheck(stage, now)
      const { surface, person } = again
      const asked = await requestPermission(db, stage.teacher, asking({ surface, person, by: stage.by }), now)
      await Promise.all([
        // Refused when the no comes first; anything else that goes wrong flies.
        decide(db, anybody, deciding(asked), now).catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error
        }),
        withdraw(db, anybody, { token: asked.token, everywhere: false, formKey: '' }, now),
        withdraw(db, anybody, { token: told.token, everywhere: true, formKey: '' }, now),
      ])
      expect(await renditionFor(db, anybody, wishOf(told.version), now)).toBeNull()
      expect(await renditionFor(db, anybody, wishOf(again.version), now)).toBeNull()
    }
    expect(await firstBroken(db)).toBeNull()
  })
})
