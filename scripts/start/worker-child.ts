import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { within } from '#platform/server/postgres/postmaster.ts'

export type KeptWorker = { pid: () => number | undefined; stop: () => Promise<void> }

const workerFile = join(import.meta.dirname, '../../src/worker.ts')
/** How the worker is started. Little room for what lives only a moment, as it waits most of the time; with half of it mails leave a seventh slower. */
export const workerStarts = {
  execArgv: ['--max-semi-space-size=16'],
  env: { MALLOC_ARENA_MAX: '2' },
}
const longestWait = 30_000
const longLife = 60_000
const stopLimit = 5_000

/** Runs the worker as a process of its own and starts it again whenever it ends, waiting longer each time it ends early. */
export function keepWorker(): KeptWorker {
  let stopping = false
  let wait = 500
  let child: ChildProcess
  let ended: Promise<void>
  const start = () => {
    const since = Date.now()
    child = fork(workerFile, {
      execArgv: workerStarts.execArgv,
      env: { ...process.env, ...workerStarts.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    ended = new Promise((resolve) => child.once('exit', () => resolve()))
    void ended.then(() => again(since))
  }
  const again = async (since: number) => {
    if (Date.now() - since > longLife) wait = 500
    await sleep(wait)
    if (stopping) return
    console.error('The worker ended by itself and is started again.')
    wait = Math.min(wait * 2, longestWait)
    start()
  }
  const stop = async () => {
    stopping = true
    child.kill('SIGTERM')
    if (!(await within(stopLimit, ended))) child.kill('SIGKILL')
  }
  start()
  return { pid: () => child.pid, stop }
}
