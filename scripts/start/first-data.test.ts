import { expect, test } from 'vitest'
import { isThisMachine } from './first-data.ts'

test('the example week is for this machine, never for a site that the world can see', () => {
  for (const own of [
    null,
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://[::1]:8080',
    'http://abe.localhost',
  ]) {
    expect(isThisMachine(own), String(own)).toBe(true)
  }
  for (const open of ['https://week.example.org', 'http://192.168.1.5', 'http://localhost.example.org']) {
    expect(isThisMachine(open), open).toBe(false)
  }
})
