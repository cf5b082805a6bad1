import { aboutOf } from '#consent/about.ts'
import { reaches } from '#consent/ages.ts'
import { rulesFor, underPoliciesNow } from '#consent/ceiling.ts'
import type { Conversation } from '#consent/conversation.ts'
import type { Id, Rules } from '#consent/events.ts'
import type { HolderSort } from '#consent/holder.ts'
import { holdsAt } from '#consent/ranges.ts'
import { endedAt, holdersOf, lacksCapacity, recordsOf } from '#consent/records.ts'
import { lackingFor } from '#consent/server/lacking.ts'
import { countingQuestion, openQuestions } from '#consent/server/questions.ts'
import { sightOf } from '#consent/sight.ts'
import { stateOf, partsOf } from '#consent/server/surface.ts'
import type { Permission, Placement, State } from '#consent/state.ts'
import { floorOf } from '#consent/stops.ts'
import { whoIsIn } from '#consent/who.ts'
import { ageBands, routes, type Circle, type Route } from '#kernel/permission-words.ts'
import { dayOf } from '#kernel/times.ts'
import { bandOn } from '#organisations/supported.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers all that decides how somebody on a surface can be asked: age, how they are in it, what is written down, what the policies allow. For a poster or recorder whom the calling room has proven; null for somebody who is not on it. */
export async function conversationOf(
  db: Db,
  { surface, person }: { surface: Id; person: Id },
  now: Date,
): Promise<Conversation | null> {
  const state = await stateOf(db, surface)
  const parts = partsOf(state, surface).filter((part) =>
    whoIsIn(state, surface, part.version).about.has(person),
  )
  const [part] = parts
  const row = await db
    .selectFrom('peopleShown')
    .select(['label', 'ageBand', 'nextChange', 'supported', 'organisation', 'died'])
    .where('id', '=', person)
    .where('forgotten', 'is', null)
    .executeTakeFirst()
  if (!part || !row) return null
  const kept = ageBands.find((band) => band === row.ageBand) ?? 'adult'
  const age = bandOn({ ageBand: kept, nextChange: row.nextChange }, dayOf(now, 'UTC'))
  const rules = rulesFor(underPoliciesNow(state), part, floorOf(state, part), row.organisation)
  const at = now.getTime()
  const asked = openQuestions(state, { person, surface }, at)
  return {
    person,
    label: row.label,
    ...age,
    ours: row.supported !== null,
    died: row.died !== null,
    organisation: part.organisation,
    circle: part.circle,
    modes: [...(sightOf(state, surface).people.get(person) ?? [])],
    versions: parts.map(({ version }) => version),
    widest: Object.fromEntries(
      routes.flatMap((route): [Route, Circle][] => {
        const all = rules.map(({ widest, condition }) => {
          const most = widest[route]
          return route === 'best-interests' && !condition && most !== undefined ? Math.min(3, most) : most
        })
        return all.some((most) => most === undefined)
          ? []
          : [[route, Math.min(...(all as Circle[])) as Circle]]
      }),
    ),
    ...oldEnough(age, rules, at),
    parentToo: rules.some((one) => one.parentToo),
    ...recorded(state, { person, part }, at),
    lacking: Object.fromEntries(
      routes.map((route) => [route, lackingFor(state, { person, surface, route }, at)]),
    ),
    holders: await holdersIn(
      db,
      state,
      { person, counts: countingOf(state, { person, surface }, at), asked },
      at,
    ),
    refused: asked.some(({ answers }) => answers.some(({ answer }) => answer === 'no')),
    forAll: asked.some((one) => one.about.surface === null && one.about.version === null),
  }
}

/** What every one of some rules lets somebody of this age do. */
function oldEnough(
  { ageBand: band, nextChange }: Pick<Conversation, 'ageBand' | 'nextChange'>,
  rules: readonly Rules[],
  at: number,
): Pick<Conversation, 'presumed' | 'alone'> {
  const decides = Math.max(...rules.map(({ decidesAt }) => decidesAt))
  const month = nextChange === null ? null : Date.parse(`${nextChange}T00:00:00Z`)
  const is = (age: number): boolean => (reaches({ band, nextChange: month }, age) ?? Infinity) <= at
  return { presumed: is(Math.min(16, decides)), alone: is(decides) }
}

/** What is written down about somebody, as it holds at a moment. */
function recorded(
  state: State,
  { person, part }: { person: Id; part: Placement },
  at: number,
): Pick<Conversation, 'lacks' | 'decision'> {
  const about = aboutOf(state, part)
  const lacks = lacksCapacity(state, person, about).some(({ when }) => holdsAt(when, at))
  const decision = recordsOf(state, person, 'best-interests').findLast(
    ({ id, facts }) => facts.about.surface === part.surface && endedAt(state, id) > at && facts.review > at,
  )
  return {
    lacks,
    decision: decision
      ? {
          record: decision.id,
          circle: decision.facts.circle,
          decider: decision.facts.decider,
          consulted: decision.facts.consulted,
          review: decision.facts.review,
          reviewed: state.reviews.has(decision.id),
          disagreed: state.disagreed.has(decision.id),
        }
      : null,
  }
}

/** Of the ways of deciding in which several are asked, the questions that count. */
const countingOf = (state: State, on: { person: Id; surface: Id }, at: number): Permission[] =>
  (['parents', 'young-person', 'best-interests'] as const).flatMap(
    (route) => countingQuestion(state, { ...on, route }, at) ?? [],
  )

async function holdersIn(
  db: Db,
  state: State,
  { person, counts, asked }: { person: Id; counts: readonly Permission[]; asked: readonly Permission[] },
  at: number,
): Promise<Conversation['holders']> {
  const rows = await db
    .selectFrom('records')
    .select('facts')
    .where('person', '=', person)
    .where('kind', '=', 'holder')
    .where('ended', 'is', null)
    .orderBy('created')
    .limit(20)
    .execute()
  const known = holdersOf(state, person)
  return rows.flatMap(({ facts }) => {
    const { holder, label, as } = facts as { holder: Id; label: string; as: HolderSort }
    if ((known.get(holder) ?? -Infinity) <= at) return []
    const said = ({ answers }: Permission, what: 'yes' | 'no'): boolean =>
      answers.some((one) => one.holder === holder && one.answer === what)
    const yes = counts.flatMap((one) => (said(one, 'yes') ? [one.route] : []))
    return [{ holder, label, as, no: asked.some((one) => said(one, 'no')), yes }]
  })
}
