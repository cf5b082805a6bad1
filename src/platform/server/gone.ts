/** Answers whether an error says that there is no such file. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/** Answers what some work on a file answers, or something else where there is no such file; any other error flies. */
export const orGone = <Result, Instead>(work: Promise<Result>, instead: Instead): Promise<Result | Instead> =>
  work.catch((error: unknown) => {
    if (isGone(error)) return instead
    throw error
  })
