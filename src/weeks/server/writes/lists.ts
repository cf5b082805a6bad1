import { sql } from 'kysely'
import type * as v from 'valibot'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { slugOf } from '#kernel/words.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { lastResort, mostEntries, type ListName, type moveInput, type retireInput } from '#weeks/lists.ts'
import { mayChangeWeeks } from '#weeks/may.ts'

/** Answers what the log calls one entry of a list. */
export const subjectOf = (list: ListName, week: number, code: string): string =>
  `weeks:${week}/${list}/${code}`

/** Lets organisers change the lists of a week, one at a time; refuses everybody else, and a week that is not there. */
export async function openLists(trx: Trx, viewer: Viewer, week: number): Promise<void> {
  if (!mayChangeWeeks(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const there = await trx
    .selectFrom('weeks')
    .select('year')
    .where('year', '=', week)
    .forUpdate()
    .executeTakeFirst()
  if (!there) throw missing()
}

// The tables have their code, week, position and retired in common; one of the names lets the types follow.
const entries = (trx: Trx, list: ListName, week: number) =>
  trx
    .selectFrom(list as 'audiences')
    .select(['code', 'position', 'retired'])
    .where('week', '=', week)
    .orderBy('position')
    .orderBy('code')
    .execute()

/** Answers the code and the place of a new entry: last, but before the kind where everything goes that is nothing else; the code that was asked for, or one made of its name that is free. Refuses a taken one at its field, and an entry more than a list can hold. */
export async function placeOfNew(
  trx: Trx,
  list: ListName,
  entry: { week: number; newCode: string | null; name: string },
): Promise<{ code: string; position: number }> {
  const all = await entries(trx, list, entry.week)
  if (all.length >= mostEntries) throw new Refusal('conflict', 'weeks.lists.full', { most: mostEntries })
  const taken = new Set(all.map((one) => one.code))
  if (entry.newCode !== null && taken.has(entry.newCode))
    throw new Refusal('conflict', 'weeks.lists.code-taken', {}, 'newCode')
  const code = entry.newCode ?? freeCode(slugOf(entry.name), taken)
  if (code === null) throw new Refusal('invalid', 'weeks.lists.code-needed', {}, 'newCode')
  const end = (all.at(-1)?.position ?? -1) + 1
  const last = all.filter((one) => !one.retired).at(-1)
  if (list !== 'kinds' || last?.code !== lastResort) return { code, position: end }
  await trx
    .updateTable('kinds')
    .set({ position: end })
    .where('week', '=', entry.week)
    .where('code', '=', lastResort)
    .execute()
  return { code, position: last.position }
}

function freeCode(words: string, taken: ReadonlySet<string>): string | null {
  const first = words
    .replace(/^[^a-z]+/, '')
    .slice(0, 28)
    .replace(/-+$/, '')
  if (first.length < 2) return null
  const ends = [first === 'new' ? '-1' : '', ...Array.from({ length: mostEntries }, (_, at) => `-${at + 2}`)]
  return ends.map((end) => first + end).find((code) => !taken.has(code)) ?? null
}

/** Refuses a form that is older than what stands there, so that nobody overwrites what somebody else has just written. */
export function refuseStale(row: { revision: number }, read: number): void {
  if (row.revision !== read) throw new Refusal('conflict', 'refusal.stale', {}, 'revision')
}

/** Answers what differs between two states of an entry, field by field: before, after. */
export const differenceOf = (
  before: Record<string, string>,
  after: Record<string, string>,
): Record<string, [string, string]> =>
  Object.fromEntries(
    Object.keys(after)
      .filter((field) => (before[field] ?? '') !== (after[field] ?? ''))
      .map((field) => [field, [before[field] ?? '', after[field] ?? '']]),
  )

/** Answers words of several languages with those of one changed, as they are kept. */
export const withWords = (all: unknown, language: string, words: unknown): string =>
  JSON.stringify({ ...(all as Record<string, unknown>), [language]: words })

type Move = v.InferOutput<typeof moveInput> & { list: ListName }

/** Moves an entry one place up or down among those that are offered, an audience within its plain group. The same press twice moves it once; at the end it stays. */
export async function moveEntry(db: Db, viewer: Viewer, input: Move, _now: Date): Promise<void> {
  const { list, week, code, to } = input
  await inTransaction(db, (trx) =>
    onceOnly(trx, `weeks.move.${list}`, input.formKey, async () => {
      await openLists(trx, viewer, week)
      const offered = await offeredWith(trx, list, { week, code })
      const at = offered.findIndex((one) => one.code === code)
      const [one, other] = [offered[at], offered[at + (to === 'up' ? -1 : 1)]]
      if (!one) throw missing()
      if (!other) return
      await sql`update ${sql.table(list)} set position = case code when ${one.code} then ${other.position}::int
        else ${one.position}::int end where week = ${week} and code in (${one.code}, ${other.code})`.execute(
        trx,
      )
      await writeDown(trx, viewer, {
        action: `${list}.moved`,
        subject: subjectOf(list, week, code),
        details: { to },
      })
    }),
  )
}

/** The offered entries an entry stands among, each with a position of its own. */
async function offeredWith(trx: Trx, list: ListName, { week, code }: { week: number; code: string }) {
  const all = await entries(trx, list, week)
  if (new Set(all.map((one) => one.position)).size < all.length) await number(trx, list, week)
  const offered = (await entries(trx, list, week)).filter((one) => !one.retired)
  if (list !== 'audiences') return offered
  const rows = await trx
    .selectFrom('audiences')
    .select(['code', 'cluster'])
    .where('week', '=', week)
    .execute()
  const cluster = new Map(rows.map((row) => [row.code, row.cluster]))
  return offered.filter((one) => cluster.get(one.code) === cluster.get(code))
}

const number = (trx: Trx, list: ListName, week: number) =>
  sql`update ${sql.table(list)} as t set position = n.place from (
      select code, (row_number() over (order by position, code))::int as place from ${sql.table(list)} where week = ${week}
    ) n where t.week = ${week} and t.code = n.code`.execute(trx)

type Retire = v.InferOutput<typeof retireInput> & { list: ListName }

/** Takes an entry out of the forms, or offers it again; what was said of it before keeps it. Pressing again does no harm. */
export async function retireEntry(db: Db, viewer: Viewer, input: Retire, _now: Date): Promise<void> {
  const { list, week, code } = input
  const retired = input.retired === 'yes'
  await inTransaction(db, async (trx) => {
    await openLists(trx, viewer, week)
    if (retired && list === 'kinds' && code === lastResort)
      throw new Refusal('conflict', 'weeks.kinds.other-stays')
    const one = (await entries(trx, list, week)).find((entry) => entry.code === code)
    if (!one) throw missing()
    if (one.retired === retired) return
    await trx
      .updateTable(list as 'audiences')
      .set({ retired })
      .where('week', '=', week)
      .where('code', '=', code)
      .execute()
    await writeDown(trx, viewer, {
      action: retired ? `${list}.retired` : `${list}.offered-again`,
      subject: subjectOf(list, week, code),
    })
  })
}
