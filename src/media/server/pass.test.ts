import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { day } from '#kernel/limits.ts'
import { mayUpload, readPass, uploadPass } from '#media/server/pass.ts'

const now = new Date('2026-11-26T12:00:00Z')
const [surface, account, organisation] = [randomUUID(), randomUUID(), randomUUID()]

test('a pass says what it is for, to us alone, for five days', () => {
  const pass = uploadPass(surface, account, organisation, now)
  expect(readPass(pass, now)).toEqual({ surface, account, organisation })
  expect(readPass(uploadPass(surface, null, null, now), now)).toEqual({
    surface,
    account: null,
    organisation: null,
  })
  expect(readPass(pass, new Date(now.getTime() + 5 * day - 1000))).not.toBeNull()
  expect(readPass(pass, new Date(now.getTime() + 5 * day))).toBeNull()
})

test('a pass that was changed anywhere, or made up, is none', () => {
  const pass = uploadPass(surface, account, null, now)
  for (let at = 0; at < pass.length; at += 1) {
    const changed = pass.slice(0, at) + (pass[at] === 'a' ? 'b' : 'a') + pass.slice(at + 1)
    expect(readPass(changed, now)).toBeNull()
  }
  for (const made of ['', '.', '...', 'a.b.c.d.e', `${pass}x`, pass.slice(0, -1)])
    expect(readPass(made, now)).toBeNull()
  expect(() => mayUpload('', now)).toThrow('media.pass-ended')
})
