/** `npm start` says when it was typed: fetching and building come before this process. */
const began = Number(process.env['BEGAN']) || Date.now()
const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Says what is being done, and how long it took, on lines of its own. */
export async function step<T>(number: number, what: string, work: () => Promise<T>): Promise<T> {
  const since = Date.now()
  const slow = setTimeout(() => console.log(`${number} of 5: ${what}…`), 1_000)
  try {
    const result = await work()
    console.log(`${number} of 5: ${what}: done, ${seconds(since)}`)
    return result
  } finally {
    clearTimeout(slow)
  }
}

/** How long it has been starting, with what came before this process. */
export const sinceStart = () => seconds(began)
