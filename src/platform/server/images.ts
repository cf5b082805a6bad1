import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '#kernel/refusal.ts'
import type { Answer, MadePicture, Making } from '#platform/server/images/making.ts'
import { wrong } from '#platform/server/images/look.ts'

export type MakerLimits = {
  /** Seconds that making one picture may take by the clock, and on a processor. */
  seconds: number
  cpuSeconds: number
  /** The most memory of the process that makes, MB. */
  megabytes: number
  /** Seconds without work after which that process ends. */
  rest: number
}

const usual: MakerLimits = { seconds: 240, cpuSeconds: 90, megabytes: 1800, rest: 20 }

/** Makes pictures one after the other, in a process of its own. */
export type Maker = {
  make: (making: Making) => Promise<MadePicture>
  stop: () => void
  /** The number of the process that makes; null while there is none. */
  pid: () => number | null
}

/** What a process has used until now; null where this system does not say. */
async function usedBy(pid: number): Promise<{ cpu: number; megabytes: number } | null> {
  // Gone between two looks, or a system without /proc: then it does not say.
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => null)
  const [stat, memory] = await Promise.all([read('stat'), read('statm')])
  if (stat === null || memory === null) return null
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return { cpu: ((user ?? 0) + (system ?? 0)) / 100, megabytes: Number(memory.split(' ')[1]) / 256 }
}

function startChild(folder: string, background: boolean): Promise<ChildProcess> {
  const root = join(import.meta.dirname, '../../..')
  const child = fork(join(import.meta.dirname, 'images/child.ts'), [], {
    // It may read the program and the files it is given, write what it makes, and start nothing.
    execArgv: [
      '--permission',
      '--allow-addons',
      `--allow-fs-read=${root}/*`,
      `--allow-fs-read=${folder}/*`,
      `--allow-fs-write=${folder}/*`,
      '--disable-warning=SecurityWarning',
    ],
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  if (background && child.pid !== undefined) setPriority(child.pid, 10)
  return new Promise((done, failed) => {
    child.once('message', () => done(child))
    child.once('exit', (code) => failed(new Error(`what makes pictures did not start (${code})`)))
    child.once('error', failed)
  })
}

/** Signals by which a process ends that ran into something it should not have: a file that does this is not read twice. */
const faults = new Set(['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT', 'SIGTRAP'])

/** Watches a process while it makes one picture; ends it, and answers why, when it needs more than it may have. */
async function watch(child: ChildProcess, limits: MakerLimits, done: AbortSignal): Promise<boolean> {
  const began = performance.now()
  const first = await usedBy(child.pid ?? 0)
  while (!done.aborted) {
    await new Promise((next) => setTimeout(next, 100))
    const used = await usedBy(child.pid ?? 0)
    const cpu = used && first ? used.cpu - first.cpu : 0
    const late = performance.now() - began > limits.seconds * 1000 || cpu > limits.cpuSeconds
    if (!done.aborted && (late || (used?.megabytes ?? 0) > limits.megabytes)) {
      child.kill('SIGKILL')
      return true
    }
  }
  return false
}

async function makeOne(child: ChildProcess, making: Making, limits: MakerLimits): Promise<MadePicture> {
  const over = new AbortController()
  const watching = watch(child, limits, over.signal)
  const answer = await new Promise<Answer | { signal: string | null }>((done) => {
    const ended = (_: number | null, signal: string | null): void => done({ signal })
    child.once('exit', ended)
    child.once('message', (said) => {
      child.off('exit', ended)
      done(said as Answer)
    })
    child.send(making)
  })
  over.abort()
  if ('picture' in answer) return answer.picture
  if ('refused' in answer) throw new Refusal('invalid', answer.refused.key, answer.refused.params)
  if ('failed' in answer) throw new Error(`a picture was not made: ${answer.failed}`)
  if (await watching) throw wrong('hard')
  if (answer.signal !== null && faults.has(answer.signal)) throw wrong('broken')
  throw new Error(`what makes pictures was ended (${answer.signal})`)
}

/** Opens a maker of pictures, whose files lie in a folder. Its process starts with the first picture, is bounded in time and memory, and ends when there is nothing to do; a picture that needs more than that is refused. `background` gives way to everything else on the machine. */
export function openMaker(folder: string, background: boolean, limits: MakerLimits = usual): Maker {
  let child: ChildProcess | null = null
  let before: Promise<unknown> = Promise.resolve()
  let resting: NodeJS.Timeout | undefined
  const end = (): void => {
    clearTimeout(resting)
    if (child?.connected) child.disconnect()
    child = null
  }
  const work = async (making: Making): Promise<MadePicture> => {
    clearTimeout(resting)
    if (!child?.connected) child = await startChild(folder, background)
    child.ref()
    child.channel?.ref()
    try {
      return await makeOne(child, making, limits)
    } finally {
      child?.unref()
      child?.channel?.unref()
      resting = setTimeout(end, limits.rest * 1000).unref()
    }
  }
  return {
    make: (making) => {
      const next = before.then(() => work(making))
      // Whoever asked is told; the next does not wait for a good end.
      before = next.catch(() => undefined)
      return next
    },
    stop: end,
    pid: () => child?.pid ?? null,
  }
}
