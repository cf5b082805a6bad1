import { Refusal } from '#kernel/refusal.ts'

/** Answers the "no" that a press ends in; fails when it is done, or goes wrong in any other way. */
export async function refused(press: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await press.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Refusal)) throw new Error(`Expected a no, got ${String(error)}`)
  return error
}
