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

test('what takes longer than it may is ended, said, and those that waited behind it come', async () => {
  const typesetter = opened({ atOnce: 1, seconds: 2, rest: 5 })
  const late = expect(set(typesetter, 'for ever')).rejects.toThrow('ended by SIGKILL')
  const behind = await Promise.all([set(typesetter, 'at hand'), set(typesetter, 'waiting')])
  expect(behind.map((one) => 'bytes' in one && one.pages)).toEqual([1, 1])
  await late
})

test('nothing waits behind what is set for long while another process comes free', async () => {
  const typesetter = opened({ atOnce: 2, seconds: 5, rest: 5 })
  const said: string[] = []
  const much = { words: 'for ever', more: 'x'.repeat(60_000) }
  void typesetter.set({ template, data: much, as: 'pdf' }).catch(() => said.push('much'))
  await Promise.all(['one', 'two', 'three'].map(async (words) => set(typesetter, words)))
  expect(said).toEqual([])
})

test('a template that is not there throws, and as a picture it is PNG', async () => {
  const typesetter = opened({ atOnce: 1, seconds: 30, rest: 5 })
  await expect(typesetter.set({ template: 'test/programs/none.typ', data: {}, as: 'pdf' })).rejects.toThrow()
  const picture = await set(typesetter, 'seen', 'png')
  expect('bytes' in picture && Buffer.from(picture.bytes.subarray(1, 4)).toString()).toBe('PNG')
})
