import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import type { Event, Facts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt, within } from '#consent/ranges.ts'
import { begin, hands, people } from '../../test/consent/choices.ts'
import { expectNoMore } from '../../test/consent/compare.ts'
import { history, momentOf } from '../../test/consent/history.ts'
import { whoIsHere } from '../../test/consent/world.ts'
import { placementIds, surfaceIds } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'

test(
  'rule 8: an edit shows everybody its source shows, but for those whom somebody else saw covered',
  many,
  () => {
    fc.assert(
      fc.property(history, fc.subarray([...people]), fc.constantFrom(...hands), (events, covered, by) => {
        const ends = events.flatMap((event) =>
          event.kind === 'appears' &&
          event.version === 'v1' &&
          covered.some((person) => person === event.person)
            ? [event.appearance]
            : [],
        )
        const check: Facts = {
          kind: 'checked',
          said: 'said:p2',
          surface: 's1',
          version: 'v2',
          ends,
          wrong: [],
        }
        const others = events.filter((event) => event.kind !== 'checked' || event.version !== 'v2')
        const last = others.at(-1)
        const after: Event[] = [...others, { n: 1e6, at: (last?.at ?? begin) + 1, by, ...check }]
        const source = whoIsHere(after, 's1', 'v1').appearances.map(({ appearance }) => appearance)
        const edit = whoIsHere(after, 's1', 'v2').appearances.map(({ appearance }) => appearance)
        const known = after.some((event) => event.kind === 'version' && event.version === 'v2')
        const asked = after.some((event) => event.kind === 'said' && event.said === 'said:p2')
        const counts = known && asked && by !== 'poster' && by !== 'site'
        if (known) {
          expect(edit).toEqual(expect.arrayContaining(source.filter((id) => !counts || !ends.includes(id))))
        }
        // Whoever made the edit cannot say so themselves.
        if (by === 'poster') expectNoMore(after, others)
      }),
      many.runs,
    )
  },
)

test(
  'rule 9: what hides a surface, or a part of it that is or was live, hides every other part',
  many,
  () => {
    fc.assert(
      fc.property(history, momentOf, (events, t) => {
        const state = fold(events)
        for (const surface of surfaceIds) {
          const whole = showsOf(state, surface)
          const parts = placementIds.filter((id) => state.placements.get(id)?.surface === surface)
          for (const id of parts) expect(within(showsOf(state, id), whole)).toBe(true)
          const gone = parts.some((id) => {
            const { live, purged } = state.placements.get(id) ?? { live: null, purged: true }
            return live !== null && !purged && !holdsAt(showsOf(state, id), t)
          })
          if (gone) expect([surface, ...parts].filter((id) => holdsAt(showsOf(state, id), t))).toEqual([])
        }
      }),
      many.runs,
    )
  },
)
