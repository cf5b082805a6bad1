import { afterEach, expect, test } from 'vitest'
import { openTypesetter, type Typesetter } from './typeset.ts'

const template = 'test/programs/one-line.typ'
let open: Typesetter[] = []
const opened = (limits: { atOnce: number; seconds: number; rest: number }): Typesetter => {
  const typesetter = openTypesetter(limits)
  open.push(typesetter)
  return typesetter
}
afterEach(() => {
  open.forEach((one) => one.stop())
  open = []
})

const set = (typesetter: Typesetter, words: string, as: 'pdf' | 'png' = 'pdf') =>
  typesetter.set({ template, data: { words }, as })

test('more is asked at once than there are processes, and all of it comes', async () => {
  const typesetter = opened({ atOnce: 2, seconds: 30, rest: 5 })
  const all = await Promise.all(Array.from({ length: 7 }, (_, at) => set(typesetter, `Line ${at}`)))
  expect(all.map((one) => ('bytes' in one ? one.pages : 0))).toEqual([1, 1, 1, 1, 1, 1, 1])
})

test('characters that no typeface has are named, and the next setting is not harmed', async () => {
  const typesetter = opened({ atOnce: 1, seconds: 30, rest: 5 })
  expect(await set(typesetter, 'a \u{1F600} b')).toEqual({ unprintable: ['\u{1F600}'] })
  expect(await set(typesetter, 'a b')).toHaveProperty('pages', 1)
})

test('what takes longer than it may is ended, said, and the next one comes', async () => {
  const typesetter = opened({ atOnce: 1, seconds: 2, rest: 5 })
  await expect(set(typesetter, 'for ever')).rejects.toThrow('ended by SIGKILL')
  expect(await set(typesetter, 'again')).toHaveProperty('pages', 1)
})

test('a template that is not there throws, and as a picture it is PNG', async () => {
  const typesetter = opened({ atOnce: 1, seconds: 30, rest: 5 })
  await expect(typesetter.set({ template: 'test/programs/none.typ', data: {}, as: 'pdf' })).rejects.toThrow()
  const picture = await set(typesetter, 'seen', 'png')
  expect('bytes' in picture && Buffer.from(picture.bytes.subarray(1, 4)).toString()).toBe('PNG')
})
