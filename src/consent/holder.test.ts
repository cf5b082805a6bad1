import { expect, test } from 'vitest'
import { looksNamed } from '#consent/holder.ts'

test('whoever is called by a name after what they are is told apart from a plain word', () => {
  for (const label of ['Mother Jane Smith', 'mother Zoë O’Neill', 'Foster mum  Ann Lee'])
    expect(looksNamed(label)).toBe(true)
  for (const label of ['Mother', 'Mother two', 'Leeds City Council', 'Grandmother in Leeds', ''])
    expect(looksNamed(label)).toBe(false)
})
