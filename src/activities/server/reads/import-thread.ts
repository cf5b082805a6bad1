import { parentPort, workerData } from 'node:worker_threads'
import type { FileContent } from '#activities/import-columns.ts'
import type { ReadAnswer } from '#activities/server/reads/import-file.ts'
import type { Window } from '#activities/server/reads/import-ics-dates.ts'
import { Refusal } from '#kernel/refusal.ts'

const begins = (bytes: Uint8Array, ...signs: number[]): boolean =>
  signs.every((sign, at) => bytes[at] === sign)

/** What a file is, its first bytes say; its name is not asked. Only its own reader is loaded: the thread lives for one file, and all of them take longer to load than most files to read. */
async function read(bytes: Uint8Array, window: Window): Promise<FileContent> {
  if (begins(bytes, 0x50, 0x4b))
    return (await import('#activities/server/reads/import-xlsx.ts')).readXlsx(bytes)
  if (begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw new Refusal('invalid', 'import.wrong.old-excel')
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).replaceAll('\0', '')
  if (/^[^A-Za-z]*BEGIN:VCALENDAR/i.test(start))
    return (await import('#activities/server/reads/import-ics.ts')).readIcs(bytes, window)
  if (/^%PDF|^\x89PNG|^GIF8|^\xff\xd8\xff|^\s*<(!doctype|html|\?xml)/i.test(start)) {
    throw new Refusal('invalid', 'import.wrong.kind-of-file')
  }
  return (await import('#activities/server/reads/import-csv.ts')).readCsv(bytes)
}

const { bytes, window } = workerData as { bytes: Uint8Array; window: Window }
let answer: ReadAnswer
try {
  answer = { content: await read(bytes, window) }
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  answer = { refused: { key: error.key, params: error.params } }
}
parentPort?.postMessage(answer, [])
