import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt } from '#consent/ranges.ts'
import { history, momentOf } from '../../test/consent/history.ts'
import { mourned } from '../../test/consent/mourned.ts'
import { placementIds, surfaceIds } from '../../test/consent/parts.ts'
import { mayBeSeen, surfaceMayBeSeen } from '../../test/consent/naive.ts'
import { many } from '../../test/consent/runs.ts'

test(
  'the engine agrees with an evaluator written from the rule book, at any moment of any history',
  many,
  () => {
    fc.assert(
      fc.property(
        fc.oneof(
          history,
          mourned.map(({ after }) => after),
        ),
        fc.array(momentOf, { minLength: 3, maxLength: 3 }),
        (events, moments) => {
          const state = fold(events)
          for (const t of moments) {
            for (const id of placementIds) {
              expect({ id, t, seen: holdsAt(showsOf(state, id), t) && state.placements.has(id) }).toEqual({
                id,
                t,
                seen: mayBeSeen(events, id, t),
              })
            }
            for (const id of surfaceIds) {
              expect({ id, t, seen: holdsAt(showsOf(state, id), t) }).toEqual({
                id,
                t,
                seen: surfaceMayBeSeen(events, id, t),
              })
            }
          }
        },
      ),
      many.runs,
    )
  },
)
