import * as fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { evidenceReads, readEvidence } from '#consent/server/evidence.ts'
import { formOf, hashOfForm, keepForm } from '#consent/server/forms.ts'
import { recordCapacity } from '#consent/server/writes/records.ts'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import { stageFor, tellAndCheck } from '../../../test/consent/stage.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { many } from '../../../test/consent/runs.ts'

const db = await testDatabase()
await makeWeek(db)
const stage = await stageFor(db)
const now = new Date('2027-10-20T12:00:00Z')
/** Each run goes to the database and back. */
const runs = { numRuns: Math.max(10, Math.min(1000, Math.floor(many.runs.numRuns / 10))) }

test(
  'rule 33: whoever tries in whatever order, each reading of what was written stands there, and each refused one reads nothing',
  many,
  async () => {
    const { anybodyElse, may } = {
      anybodyElse: [anybody, stage.teacher, stage.reviewer],
      may: [stage.lead, stage.vetted],
    }
    const tried = fc.record({ who: fc.nat(4), why: fc.constantFrom('review', 'a question', 'complaint') })
    await fc.assert(
      fc.asyncProperty(fc.array(tried, { maxLength: 8 }), async (tries) => {
        const { person } = await tellAndCheck(stage, now)
        const words = 'We used pictures.'
        const record = { person, surface: null, outcome: 'lacks' as const, review: '2028-04-01', words }
        await recordCapacity(db, stage.vetted, record, now)
        const { id } = await db
          .selectFrom('evidence')
          .select('id')
          .where('person', '=', person)
          .executeTakeFirstOrThrow()
        const read: { account: string | null; why: string }[] = []
        for (const [at, { who, why }] of tries.entries()) {
          const viewer = [...anybodyElse, ...may][who] ?? anybody
          const moment = new Date(now.getTime() + at * 1000)
          const answer = await readEvidence(db, viewer, { evidence: id, why }, moment).catch(
            (error: unknown) => {
              if (error instanceof Refusal) return null
              throw error
            },
          )
          expect(answer?.words ?? null).toBe(may.includes(viewer) ? words : null)
          if (answer) read.unshift({ account: viewer.account, why })
        }
        const kept = await evidenceReads(db, stage.lead, id)
        expect(kept.map(({ account, why }) => ({ account, why }))).toEqual(read)
      }),
      runs,
    )
  },
)

const form = fc.record({
  name: fc
    .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    .map((words) => words.replaceAll('\u0000', '')),
  language: fc.constantFrom('en', 'ar', 'cy'),
  words: fc.array(
    fc.record({
      key: fc.string({ maxLength: 12 }).map((words) => words.replaceAll('\u0000', '')),
      words: fc.string({ maxLength: 60, unit: 'grapheme' }).map((words) => words.replaceAll('\u0000', '')),
    }),
    { maxLength: 12 },
  ),
})

test(
  'rule 34: the form that is kept is the very form that was shown, in any language, and any other words are another form',
  many,
  async () => {
    await fc.assert(
      fc.asyncProperty(form, form, async (one, other) => {
        const [first, again, second] = await db
          .transaction()
          .execute(async (trx) => [
            await keepForm(trx, one, now),
            await keepForm(trx, one, now),
            await keepForm(trx, other, now),
          ])
        expect([first, again]).toEqual([hashOfForm(one), first])
        expect(await formOf(db, first ?? '')).toEqual(one)
        expect(await formOf(db, second ?? '')).toEqual(other)
        expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      runs,
    )
  },
)

test('rule 29: nothing that could tell a person by their face or voice has a place here', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and (column_name ~ '(^|_)(faces?|voices?|biometrics?|embeddings?|templates?|descriptors?)(_|$)'
      or udt_name in ('vector', 'cube', 'halfvec'))`.execute(db)
  expect(rows).toEqual([])
})
