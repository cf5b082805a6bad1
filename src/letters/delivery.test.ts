import fc from 'fast-check'
import { expect, test } from 'vitest'
import { channels, deliveryStates, hasLeft, isOpen, mayMove, type DeliveryState } from './delivery.ts'

const step = fc.constantFrom(...deliveryStates)

test('whatever is asked, a letter that has left never comes back to its writer as if it had not', () => {
  fc.assert(
    fc.property(fc.constantFrom(...channels), fc.array(step, { maxLength: 40 }), (channel, steps) => {
      let state: DeliveryState = 'planned'
      let left = false
      for (const next of steps) {
        if (!mayMove(channel, state, next)) continue
        state = next
        left ||= hasLeft(state)
        const again = channel === 'from-here' && ['queued', 'sending', 'uncertain'].includes(state)
        if (left && !again) expect(hasLeft(state)).toBe(true)
      }
    }),
  )
})

test('what may have left is never sent again by itself: only a person takes it out of "uncertain"', () => {
  const from = deliveryStates.filter((state) => mayMove('from-here', state, 'sending'))
  expect(from).toEqual(['queued'])
  expect(mayMove('from-here', 'sent', 'queued')).toBe(false)
  expect(mayMove('from-here', 'uncertain', 'sending')).toBe(false)
})

test('a letter is called off until it is on its way', () => {
  const off = deliveryStates.filter((state) => mayMove('from-here', state, 'cancelled'))
  expect(off).toEqual(deliveryStates.filter(isOpen))
  expect(off).not.toContain('sending')
  expect(off).not.toContain('sent')
})

test('paper that was posted may come back, and nothing else follows', () => {
  expect(deliveryStates.filter((state) => mayMove('post', 'posted', state))).toEqual(['returned'])
})
