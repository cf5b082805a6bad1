import type { Conversation } from '#consent/conversation.ts'
import type { Id } from '#consent/events.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { recordsHere } from '#consent/server/reads/records.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import type { Light, Said, Standing } from '#consent/standing.ts'
import type { Circle } from '#kernel/permission-words.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** How one story stands because of one of those who are in it. */
export type PersonStands = {
  surface: Id
  light: Light
  missing: readonly Said[]
  /** How far the policies let a decision in their best interests go; null: they do not know this way of deciding. */
  widest: Circle | null
  lacks: boolean
  decision: Conversation['decision']
  forAll: boolean
}

const order: readonly Light[] = ['red', 'amber', 'green']

/** Answers how the parts of a surface stand that show somebody, and what is missing there: of the person, and of the parts. */
export function standsFor(
  { placements, missing: whole }: Standing,
  person: Id,
): Pick<PersonStands, 'light' | 'missing'> {
  const parts = placements.filter(({ people }) => people.some((one) => one.person === person))
  const said = parts.flatMap((part) => [
    ...part.people.flatMap((one) => (one.person === person ? one.missing : [])),
    ...part.missing,
  ])
  const lights = parts.flatMap((part) => [
    part.missing.length > 0 ? part.light : 'green',
    part.people.find((one) => one.person === person)?.light ?? 'green',
  ])
  return {
    light: order.find((light) => lights.includes(light)) ?? 'green',
    missing: [...new Map([...said, ...whole].map((one) => [one.key, one])).values()],
  }
}

/** Answers how the stories stand in which somebody is, the newest first, at most 20; for whoever keeps the records of their organisation. */
export async function personStands(
  db: Db,
  viewer: Viewer,
  input: { organisation: Id; person: Id },
  now: Date,
): Promise<PersonStands[]> {
  const { organisation, person } = input
  if (!(await recordsHere(db, viewer, organisation))) throw missing()
  const rows = await db
    .selectFrom('appearances as a')
    .innerJoin('peopleShown as p', 'p.id', 'a.person')
    .select((on) => ['a.surface', on.fn.max('a.created').as('newest')])
    .where('a.person', '=', person)
    .where('a.ended', 'is', null)
    .where('p.organisation', '=', organisation)
    .groupBy('a.surface')
    .orderBy('newest', 'desc')
    .limit(20)
    .execute()
  const all = rows.map(async ({ surface }): Promise<PersonStands[]> => {
    const [standing, one] = await Promise.all([
      standingOf(db, surface, now),
      conversationOf(db, { surface, person }, now),
    ])
    if (!one) return []
    const { lacks, decision, forAll } = one
    const widest = one.widest['best-interests'] ?? null
    return [{ surface, ...standsFor(standing, person), widest, lacks, decision, forAll }]
  })
  return (await Promise.all(all)).flat()
}
