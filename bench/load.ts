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
      const answer = await once(make(n))
      times.push(performance.now() - at)
      bytes += answer.bytes
      if (!good(answer.status)) wrong += 1
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, worker))
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { count: times.length, seconds, p50: at(0.5), p99: at(0.99), bytes, wrong }
}
