import { gatesOf } from '#consent/engine.ts'
import type { Id } from '#consent/events.ts'
import { holdsAt, type Instant } from '#consent/ranges.ts'
import { recordsOf } from '#consent/records.ts'
import { countingQuestion, versionsWith } from '#consent/server/questions.ts'
import { partsOf } from '#consent/server/surface.ts'
import { sightOf } from '#consent/sight.ts'
import type { Given, Permission, State } from '#consent/state.ts'
import type { Why } from '#consent/why.ts'
import type { Circle, Route } from '#kernel/permission-words.ts'

type Asked = { person: Id; surface: Id; route: Route }

/** Answers what somebody lacks on a surface under one way of deciding, asked of the engine: of the answer that counts, else as if it were given now. */
export function lackingFor(state: State, asked: Asked, now: Instant): Why[] {
  const { person, surface } = asked
  const counts = countingQuestion(state, asked, now)
  const permission = counts?.given ? counts : asIfGiven(state, asked, counts, now)
  const others = (state.permissions.get(person) ?? []).filter(({ id }) => id !== permission.id)
  const permissions = new Map([...state.permissions, [person, [...others, permission]]])
  const sight = sightOf({ ...state, permissions }, surface)
  const whys = partsOf(state, surface).flatMap((placement) =>
    gatesOf(sight, placement)
      .people.filter((one) => one.person === person)
      .flatMap((one) => one.permissions.filter((of) => of.permission === permission.id))
      .flatMap(({ needs }) => needs.filter(({ when }) => !holdsAt(when, now)).map(({ why }) => why)),
  )
  return [...new Set(whys)]
}

function asIfGiven(state: State, asked: Asked, question: Permission | undefined, now: Instant): Permission {
  const { person, surface, route } = asked
  const organisation = partsOf(state, surface)[0]?.organisation ?? null
  const scope = { circle: 6 as Circle, purposes: [], modifiers: [], modes: [] }
  const about = { kind: state.surfaces.get(surface)?.type ?? '', organisation, surface, version: null }
  const given: Given = {
    at: now,
    n: Infinity,
    by: '',
    scope,
    seen: versionsWith(state, asked),
    assent: 'yes',
    after: [],
    authority: null,
    form: null,
    signed: null,
    ...recordsNamed(state, asked, now),
  }
  return {
    id: question?.id ?? 'as if',
    person,
    surface,
    about,
    route,
    scope,
    starts: now,
    ends: Infinity,
    base: now,
    finals: new Set(),
    answers: question?.answers ?? [],
    suspensions: [],
    given,
  }
}

/** What a decision in somebody's best interests would rest on: the newest of each that holds. */
function recordsNamed(state: State, { person, surface }: Asked, now: Instant) {
  const decision = recordsOf(state, person, 'best-interests').findLast(
    ({ id, facts }) => facts.about.surface === surface && facts.review > now && !state.taken.has(id),
  )
  const capacity = recordsOf(state, person, 'capacity').findLast(
    ({ id, facts }) => facts.outcome === 'lacks' && facts.review > now && !state.taken.has(id),
  )
  return { bestInterests: decision?.id ?? null, capacity: capacity?.id ?? null }
}
