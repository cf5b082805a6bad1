import { sql } from 'kysely'
import type * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { addJob } from '#platform/server/queue.ts'
import { bringAlong } from '#weeks/server/writes/bring-along.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { weekState, type weekInput, type WeekStep } from '#weeks/week.ts'

const forbidden = (): Refusal => new Refusal('forbidden', 'refusal.forbidden')

type Form = v.InferOutput<typeof weekInput>
export type SaveWeek = Form & {
  /** A week that is not there yet. */
  fresh: boolean
}

/** Makes a week as a draft, bringing along the lists of another one, or changes what is said of one. Answers its year. The same form pressed twice makes one week. */
export async function saveWeek(db: Db, viewer: Viewer, input: SaveWeek, now: Date): Promise<number> {
  if (!mayChangeWeeks(viewer)) throw forbidden()
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'week', input.formKey, async () => {
      // Two people who make the same week at once: the second one is told, not broken.
      await sql`lock table weeks in share row exclusive mode`.execute(trx)
      await refuseTaken(trx, input)
      if (input.fresh) await makeWeek(trx, input, now)
      else await changeWeek(trx, input)
      await writeDown(trx, viewer, {
        action: input.fresh ? 'week.made' : 'week.changed',
        subject: `weeks:${input.year}`,
        details: { monday: input.monday },
      })
      return input.year
    }),
  )
}

async function refuseTaken(trx: Trx, input: SaveWeek): Promise<void> {
  const taken = await trx
    .selectFrom('weeks')
    .select(['year', 'monday'])
    .where((on) => on.or([on('year', '=', input.year), on('monday', '=', input.monday)]))
    .execute()
  if (input.fresh && taken.some((week) => week.year === input.year))
    throw new Refusal('conflict', 'weeks.form.year-taken', { year: String(input.year) }, 'year')
  if (taken.some((week) => week.monday === input.monday && week.year !== input.year))
    throw new Refusal('conflict', 'weeks.form.monday-taken', {}, 'monday')
}

const said = (input: Form) => ({
  monday: input.monday,
  name: input.name,
  theme: input.theme,
  dayThemes: input.dayThemes,
  hashtag: input.hashtag,
  announcement: input.announcement,
})

/** What an example left behind is the organisers' own week once they write or announce it; the example does not come back into it. */
const theirOwn = { setAside: null }

async function makeWeek(trx: Trx, input: SaveWeek, now: Date): Promise<void> {
  const from = input.from
    ? await trx
        .selectFrom('weeks')
        .select(['year', 'policy'])
        .where('year', '=', input.from)
        .executeTakeFirst()
    : undefined
  if (input.from && !from) throw new Refusal('invalid', 'input.choose', {}, 'from')
  const policy = input.policy === null ? (from?.policy ?? {}) : { words: input.policy }
  await trx
    .insertInto('weeks')
    .values({ ...said(input), year: input.year, policy: JSON.stringify(policy), created: now })
    .execute()
  await bringAlong(trx, from?.year ?? null, input.year)
}

async function changeWeek(trx: Trx, input: SaveWeek): Promise<void> {
  const policy = JSON.stringify(input.policy === null ? {} : { words: input.policy })
  const before = await lockWeek(trx, input.year)
  await trx
    .updateTable('weeks')
    .set({ ...said(input), policy, ...theirOwn })
    .where('year', '=', input.year)
    .execute()
  if (before.monday !== input.monday) await addJob(trx, 'week.moved', { year: input.year })
}

/** Gives a draft its date in public and lets everybody know who asked to be told, once each. Pressed twice it announces once. */
export async function announceWeek(
  db: Db,
  viewer: Viewer,
  input: { year: number },
  now: Date,
): Promise<void> {
  if (!mayChangeWeeks(viewer)) throw forbidden()
  await inTransaction(db, async (trx) => {
    const week = await lockWeek(trx, input.year)
    if (week.state === 'announced') return
    if (week.state === 'closed') throw new Refusal('conflict', 'weeks.announce.closed')
    if (weekState({ ...week, state: 'announced' }, now).state === 'over')
      throw new Refusal('conflict', 'weeks.announce.past')
    await trx
      .updateTable('weeks')
      .set({ state: 'announced', announced: now, ...theirOwn })
      .where('year', '=', input.year)
      .execute()
    await writeDown(trx, viewer, { action: 'week.announced', subject: `weeks:${input.year}` })
    await addJob(trx, 'week.announced', { year: input.year }, { key: `week.announced:${input.year}` })
  })
}

/** Closes an announced week that is over everywhere: it becomes an archive. Pressed twice it closes once. */
export async function closeWeek(db: Db, viewer: Viewer, input: { year: number }, now: Date): Promise<void> {
  if (!mayChangeWeeks(viewer)) throw forbidden()
  await inTransaction(db, async (trx) => {
    const week = await lockWeek(trx, input.year)
    if (week.state === 'closed') return
    if (weekState(week, now).state !== 'over') throw new Refusal('conflict', 'weeks.close.too-early')
    await trx.updateTable('weeks').set({ state: 'closed' }).where('year', '=', input.year).execute()
    await writeDown(trx, viewer, { action: 'week.closed', subject: `weeks:${input.year}` })
  })
}

async function lockWeek(trx: Trx, year: number): Promise<{ monday: string; state: WeekStep }> {
  const week = await trx
    .selectFrom('weeks')
    .select(['monday', 'state'])
    .where('year', '=', year)
    .forUpdate()
    .executeTakeFirst()
  if (!week) throw new Refusal('missing', 'refusal.missing')
  return week
}
