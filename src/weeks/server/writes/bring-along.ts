import asks from '../../../../scripts/seed/asks.json' with { type: 'json' }
import audiences from '../../../../scripts/seed/audiences.json' with { type: 'json' }
import kinds from '../../../../scripts/seed/kinds.json' with { type: 'json' }
import verbsJson from '../../../../scripts/seed/verbs.json' with { type: 'json' }
import { sql } from 'kysely'
import type { Trx } from '#platform/server/db.ts'
import type { AskAnswer } from '#weeks/week.ts'

const verbs: readonly ((typeof verbsJson)[number] & { home?: boolean })[] = verbsJson

/** Gives a week the kinds, verbs, audiences and asks of another, or the shipped ones when there is no other. What was retired stays behind. */
export async function bringAlong(trx: Trx, from: number | null, year: number): Promise<void> {
  const brought = from === null ? 0 : await copyKinds(trx, from, year)
  if (from === null || brought === 0) {
    await shipKinds(trx, year)
    await shipAsks(trx, year)
    return
  }
  await sql`insert into verbs (week, code, position, kind, names, ten_minutes, on_home)
    select ${year}, code, position, kind, names, ten_minutes, on_home from verbs as old
    where week = ${from} and not retired and exists (select from kinds where week = ${year} and code = old.kind)`.execute(
    trx,
  )
  await sql`insert into audiences (week, code, position, cluster, names)
    select ${year}, code, position, cluster, names from audiences where week = ${from} and not retired`.execute(
    trx,
  )
  await sql`insert into asks (week, code, position, names, words, easy, answer, prompts, shared_words)
    select ${year}, code, position, names, words, easy, answer, prompts, shared_words
    from asks where week = ${from} and not retired`.execute(trx)
}

async function copyKinds(trx: Trx, from: number, year: number): Promise<number> {
  const done = await sql`insert into kinds
      (week, code, position, names, hints, ten_minutes, titles, how, drawing, default_minutes)
    select ${year}, code, position, names, hints, ten_minutes, titles, how, drawing, default_minutes
    from kinds where week = ${from} and not retired`.execute(trx)
  return Number(done.numAffectedRows ?? 0)
}

async function shipKinds(trx: Trx, year: number): Promise<void> {
  const week = year
  await trx
    .insertInto('kinds')
    .values(
      kinds.map((kind, position) => ({
        week,
        code: kind.code,
        position,
        names: JSON.stringify(kind.names),
        hints: JSON.stringify(kind.hint),
        tenMinutes: JSON.stringify(kind.tenMinutes),
        titles: JSON.stringify({ en: { withTown: kind.titles.en, plain: kind.titlesPlain.en } }),
        how: JSON.stringify(kind.how),
        drawing: kind.drawing,
        defaultMinutes: kind.defaultMinutes,
      })),
    )
    .execute()
  await trx
    .insertInto('verbs')
    .values(
      verbs.map((verb, position) => ({
        week,
        code: verb.verb,
        position,
        kind: verb.kind,
        names: JSON.stringify(verb.names),
        tenMinutes: JSON.stringify(verb.tenMinutes),
        onHome: verb.home ?? false,
      })),
    )
    .execute()
  await trx
    .insertInto('audiences')
    .values(
      audiences.audiences.map((audience, position) => ({
        week,
        code: audience.code,
        position,
        cluster: audience.group,
        names: JSON.stringify(audience.names),
      })),
    )
    .execute()
}

async function shipAsks(trx: Trx, week: number): Promise<void> {
  await trx
    .insertInto('asks')
    .values(
      asks.map((ask, position) => ({
        week,
        code: ask.code,
        position,
        names: JSON.stringify(ask.names),
        words: JSON.stringify(ask.words),
        easy: JSON.stringify(ask.easy),
        answer: ask.answer as AskAnswer,
        prompts: JSON.stringify(ask.prompts),
        sharedWords: JSON.stringify(ask.template),
      })),
    )
    .execute()
}
