import * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'

/** One of many that were ticked, and the revision that was read. */
export type Chosen = { id: string; revision: number }

/** What was ticked in a list, each as "id:revision" and each once: at least one, a hundred at most. */
export const chosenMany = v.pipe(
  v.optional(v.union([v.array(v.string()), v.string()], 'input.choose'), []),
  v.transform((value) => [...new Set([value].flat())]),
  v.minLength(1, 'desk.none-chosen'),
  v.maxLength(100, 'desk.too-many'),
  v.check((all) => all.every((one) => /^[0-9a-f-]{36}:\d{1,9}$/.test(one)), 'input.choose'),
  v.transform((all): Chosen[] =>
    all.map((one) => ({ id: one.slice(0, 36), revision: Number(one.slice(37)) })),
  ),
)

export type Decided<One> = { done: number; refused: { one: One; refusal: Refusal }[] }

/** Does a piece of work for each on its own, one after the other: what is refused is answered with its "no", the rest is done. A bug flies. */
export async function eachOnItsOwn<One>(
  all: Iterable<One>,
  work: (one: One) => Promise<unknown>,
): Promise<Decided<One>> {
  const decided: Decided<One> = { done: 0, refused: [] }
  for (const one of all) {
    try {
      await work(one)
      decided.done += 1
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      decided.refused.push({ one, refusal: error })
    }
  }
  return decided
}
