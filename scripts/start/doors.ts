import type { RunningPostgres } from '#platform/server/postgres.ts'
import type { RunningWeb } from '../../src/web.ts'
import type { KeptWorker } from './worker-child.ts'

/** Everything that runs and must be stopped again, in this order: web and worker together, then the database. */
export type Running = {
  web?: RunningWeb
  worker?: KeptWorker
  postgres?: RunningPostgres
  release?: () => void
  announce?: (address: string) => void
}

const stopLimit = 9_800

/** Stops what runs when the process is asked to; gone within ten seconds, or at once when asked twice. */
export function stopOnSignals(running: Running) {
  let asked = false
  const stop = (signal: string) => {
    if (asked) process.exit(1)
    asked = true
    console.log(`\nStopping (${signal})…`)
    setTimeout(() => process.exit(1), stopLimit).unref()
    stopAll(running).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

/** Stops the parts in order. */
export async function stopAll(running: Running) {
  await Promise.all([running.web?.stop(), running.worker?.stop()])
  await running.postgres?.stop()
  running.release?.()
}
