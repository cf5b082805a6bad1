import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Facts } from '#consent/events.ts'
import { bitsApart, looksAlike, nearBits } from '#consent/likeness.ts'
import { modes } from '#kernel/permission-words.ts'
import { expectNoMore } from '../../test/consent/compare.ts'
import { history, inserted, place } from '../../test/consent/history.ts'
import { placementIds, placements } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'

const bits = fc
  .array(fc.boolean(), { minLength: 64, maxLength: 64 })
  .map((all) => all.map((one) => (one ? '1' : '0')).join(''))

test('rule 25: a picture with few changed bits is taken for the withdrawn one, whichever they are; with more it is not', () => {
  fc.assert(
    fc.property(bits, fc.uniqueArray(fc.nat(63), { maxLength: 64 }), (likeness, changed) => {
      const other = Array.from(likeness, (bit, at) =>
        changed.includes(at) ? (bit === '0' ? '1' : '0') : bit,
      ).join('')
      expect(bitsApart(likeness, other)).toBe(changed.length)
      expect(looksAlike(likeness, other)).toBe(changed.length <= nearBits)
      expect(looksAlike(other, likeness)).toBe(looksAlike(likeness, other))
    }),
    many.runs,
  )
})

test(
  'rule 29: what something finds by itself, a name or somebody nobody knows, only ever narrows, wherever in history it is found',
  many,
  () => {
    fc.assert(
      fc.property(
        history,
        place,
        fc.constantFrom(...placementIds),
        fc.subarray([...modes], { minLength: 1 }),
        (events, at, part, how) => {
          const { surface, version } = placements[part]
          const found: Facts = {
            kind: 'appears',
            appearance: 'found',
            surface,
            version,
            person: null,
            modes: how,
            assent: null,
          }
          expectNoMore(inserted(events, { facts: found, by: 'site' }, at), events)
        },
      ),
      many.runs,
    )
  },
)
