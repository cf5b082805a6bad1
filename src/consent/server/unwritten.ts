/** Throws: its use case is not written yet. */
export const unwritten = (...given: unknown[]): never => {
  throw new Error(`Not written yet, for ${given.length} things`)
}
