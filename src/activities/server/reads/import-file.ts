import { Worker } from 'node:worker_threads'
import type { FileContent } from '#activities/import-columns.ts'
import type { Window } from '#activities/server/reads/import-ics-dates.ts'
import type { MessageKey, MessageParams } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'

/** How long one file may be read, milliseconds, and how much memory that may take, megabytes. */
const longest = 20_000
const memory = { maxOldGenerationSizeMb: 400, maxYoungGenerationSizeMb: 64 }

export type ReadAnswer = { content: FileContent } | { refused: { key: MessageKey; params: MessageParams } }

/** Reads a file that somebody gave, in a thread of its own: one that never ends or eats memory ends that thread and nothing else. Refuses with words what cannot be read. */
export async function readFile(bytes: Uint8Array, window: Window, most = longest): Promise<FileContent> {
  const thread = new Worker(new URL('./import-thread.ts', import.meta.url), {
    workerData: { bytes, window },
    resourceLimits: memory,
  })
  const late = AbortSignal.timeout(most)
  try {
    const answer = await new Promise<ReadAnswer>((done, failed) => {
      thread.once('message', done)
      thread.once('error', failed)
      thread.once('exit', () => failed(new Error('The thread that read a file ended early')))
      late.addEventListener('abort', () => failed(late.reason as Error), { once: true })
    })
    if ('content' in answer) return answer.content
    throw new Refusal('invalid', answer.refused.key, answer.refused.params, 'file')
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (error instanceof Error && (late.aborted || 'code' in error)) {
      throw new Refusal('invalid', 'import.wrong.heavy', {}, 'file')
    }
    throw error
  } finally {
    await thread.terminate()
  }
}
