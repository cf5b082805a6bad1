import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether a program gets a core before the others, or after them. */
export type Turn = 'first' | 'after'
export type Ran = { code: number; output: string; late: boolean }

/** How long sites and databases may take to close when they are asked to. */
const patience = 12_000

/**
 * Runs a program with everything it starts, at most so many milliseconds; what still runs then is stopped. It has a
 * group of its own: a program that is stopped alone leaves behind what it started.
 */
export async function runWithin(
  [name = '', ...args]: string[],
  how: { cwd: string; limit: number; show: boolean; turn?: Turn },
): Promise<Ran> {
  const stdio = how.show ? 'inherit' : 'pipe'
  const child = spawn(name, args, { cwd: how.cwd, stdio: ['ignore', stdio, stdio], detached: true })
  // Everything it starts inherits this.
  if (child.pid !== undefined && how.turn === 'after') setPriority(child.pid, 10)
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const passOn = (signal: NodeJS.Signals) => signalGroup(child, signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, passOn)
  let stopping: Promise<void> | undefined
  const timer = setTimeout(
    () => {
      stopping = stopGroup(child)
    },
    Math.max(how.limit, 0),
  )
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    await stopping
    return { code: code ?? 1, output, late: stopping !== undefined }
  } catch (error) {
    return { code: 1, output: error instanceof Error ? error.message : String(error), late: false }
  } finally {
    clearTimeout(timer)
    for (const signal of signals) process.off(signal, passOn)
  }
}

async function stopGroup(child: ChildProcess) {
  const end = Date.now() + patience
  signalGroup(child, 'SIGTERM')
  while (signalGroup(child, 0) && Date.now() < end) await sleep(50)
  signalGroup(child, 'SIGKILL')
}

/** Answers whether there was still somebody to tell. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(-pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
