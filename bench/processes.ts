import { readdirSync, readFileSync } from 'node:fs'
import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { workerStarts } from '../scripts/start/worker-child.ts'

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

type Stat = { pid: number; parent: number; name: string; cpu: number }

/** Reads about a process; null when it ended between being listed and being read. */
function readAbout(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return null
    throw error
  }
}

function statOf(pid: number): Stat | null {
  const words = readAbout(pid, 'stat')
  if (words === null) return null
  const name = words.slice(words.indexOf('(') + 1, words.lastIndexOf(')'))
  const rest = words.slice(words.lastIndexOf(')') + 2).split(' ')
  const [user, system, childUser, childSystem] = rest.slice(11, 15).map(Number)
  const cpu = ((user ?? 0) + (system ?? 0) + (childUser ?? 0) + (childSystem ?? 0)) / ticks
  return { pid, parent: Number(rest[1]), name, cpu }
}

/** Answers every process that runs now. */
const all = (): Stat[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])

/** Answers a process and all below it. */
function family(roots: readonly number[]): Stat[] {
  const stats = all()
  const found = new Set(roots)
  for (let size = -1; size !== found.size;) {
    size = found.size
    for (const stat of stats) if (found.has(stat.parent)) found.add(stat.pid)
  }
  return stats.filter((stat) => found.has(stat.pid))
}

/** Answers the process that started another. */
export const parentOf = (pid: number): number => statOf(pid)?.parent ?? 0

/** CPU seconds that some processes and all below them have used; those of ended children stay counted in their parents. */
export const cpuOf = (roots: readonly number[]): number =>
  family(roots).reduce((sum, stat) => sum + stat.cpu, 0)

/** Memory of some processes and all below them as PSS, in MB: shared pages are counted once. */
export function memoryOf(roots: readonly number[]): { total: number; parts: string } {
  const parts = family(roots).map((stat) => {
    const pss = /^Pss:\s+(\d+)/m.exec(readAbout(stat.pid, 'smaps_rollup') ?? '')?.[1]
    return { name: stat.name, mb: Number(pss ?? 0) / 1024 }
  })
  const byName = Map.groupBy(parts, (part) => part.name)
  const sum = (list: { mb: number }[]): number => Math.round(list.reduce((total, part) => total + part.mb, 0))
  return {
    total: sum(parts),
    parts: [...byName].map(([name, list]) => `${name} ${list.length}: ${sum(list)}`).join(', '),
  }
}

/** Says what else uses the machine, for whoever reads the figures. */
export function neighbours(ours: readonly number[]): string {
  const mine = new Set(family([...ours, process.pid]).map((stat) => stat.pid))
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')
  const busy = all()
    .filter((stat) => !mine.has(stat.pid) && stat.cpu > 20)
    .toSorted((a, b) => b.cpu - a.cpu)
    .slice(0, 4)
    .map((stat) => `${stat.name} (${Math.round(stat.cpu)} CPU-s)`)
  return `load ${load}; others that have used most: ${busy.join(', ') || 'none'}`
}

/** Starts a file as a process of its own and waits for the port it tells. */
export function startChild(
  file: string,
  env: NodeJS.ProcessEnv = {},
  execArgv: readonly string[] = [],
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(file, [], {
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((done, failed) => {
    child.once('message', (port) => done({ child, port: Number(port) }))
    child.once('exit', (code) => failed(new Error(`${file} ended with ${code}`)))
  })
}

/** Starts the worker as `npm start` does. */
export const startWorker = (env: NodeJS.ProcessEnv): ReturnType<typeof startChild> =>
  startChild(
    new URL('worker-process.ts', import.meta.url).pathname,
    { ...workerStarts.env, ...env },
    workerStarts.execArgv,
  )
