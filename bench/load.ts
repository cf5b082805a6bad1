import { Agent, request } from 'node:http'

export type Load = { count: number; seconds: number; p50: number; p99: number; bytes: number; wrong: number }

type Ask = { url: string; method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: string }

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

const once = (ask: Ask): Promise<{ status: number; bytes: number }> =>
  new Promise((done, failed) => {
    const made = request(
      ask.url,
      { method: ask.method ?? 'GET', agent, headers: ask.headers ?? {} },
      (answer) => {
        let bytes = 0
        answer.on('data', (part: Buffer) => (bytes += part.length))
        answer.on('end', () => done({ status: answer.statusCode ?? 0, bytes }))
        answer.on('error', failed)
      },
    )
    made.setTimeout(30_000, () => made.destroy(new Error('no answer in 30 s')))
    made.on('error', failed)
    made.end(ask.body)
  })

/** Asks so many times, so many at once; `make` makes each asking. Times in milliseconds; `good` says which answers count. */
export async function load(
  make: (n: number) => Ask,
  options: { count: number; atOnce: number; good?: (status: number) => boolean },
): Promise<Load> {
  const good = options.good ?? ((status: number) => status === 200)
  const times: number[] = []
  let next = 0
  let bytes = 0
  let wrong = 0
  const began = performance.now()
  const worker = async (): Promise<void> => {
    while (next < options.count) {
      const n = next++
      const at = performance.now()
      // No answer counts as a wrong one.
      const answer = await once(make(n))
      times.push(performance.now() - at)
      bytes += answer.bytes
      if (!good(answer.status)) wrong += 1
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, worker))
  const seconds = (performance.now() - began) / 1000
  return { ...spread(times), count: times.length, seconds, bytes, wrong }
}

/** Asks so many times a second for so many seconds, whatever the answers take: a server that falls behind is seen to. Times count from the moment each asking was due. */
export async function loadAtRate(
  make: (n: number) => Ask,
  options: { perSecond: number; seconds: number; good: (status: number) => boolean },
): Promise<Load> {
  const times: number[] = []
  let bytes = 0
  let wrong = 0
  const began = performance.now()
  const count = options.perSecond * options.seconds
  const all: Promise<void>[] = []
  const askOne = async (n: number, due: number): Promise<void> => {
    const answer = await once(make(n)).catch(() => null)
    times.push(performance.now() - due)
    bytes += answer?.bytes ?? 0
    if (!answer || !options.good(answer.status)) wrong += 1
  }
  for (let n = 0; n < count; n += 1) {
    const due = began + (n * 1000) / options.perSecond
    const early = due - performance.now()
    if (early > 1) await new Promise((done) => setTimeout(done, early))
    all.push(askOne(n, due))
  }
  await Promise.all(all)
  const seconds = (performance.now() - began) / 1000
  return { ...spread(times), count, seconds, bytes, wrong }
}

function spread(times: number[]): Pick<Load, 'p50' | 'p99'> {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}
