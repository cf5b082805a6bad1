import * as v from 'valibot'
import { expect, test } from 'vitest'
import { chosenMany, eachOnItsOwn } from '#kernel/many.ts'
import { missing } from '#kernel/refusal.ts'

const id = '11111111-1111-4111-8111-111111111111'

test('one that is ticked comes as a word, several as a list, and each counts once', () => {
  expect(v.parse(chosenMany, `${id}:7`)).toEqual([{ id, revision: 7 }])
  expect(v.parse(chosenMany, [`${id}:7`, `${id}:7`])).toEqual([{ id, revision: 7 }])
})

test.each([undefined, [], `${id}:`, `${id}:-1`, 'x:1', `${id}:1;drop`])(
  '%o is nothing that was ticked',
  (said) => {
    expect(v.safeParse(chosenMany, said).success).toBe(false)
  },
)

test('what is refused is named and the rest is done, but a bug flies', async () => {
  const odd = async (one: number) => {
    if (one % 2 === 0) throw missing()
  }
  const decided = await eachOnItsOwn([1, 2, 3, 4], odd)
  expect([decided.done, decided.refused.map(({ one }) => one)]).toEqual([2, [2, 4]])
  const broken = async () => {
    throw new TypeError('a bug')
  }
  await expect(eachOnItsOwn([1], broken)).rejects.toThrow('a bug')
})
