import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGone } from '#platform/server/gone.ts'
import { postgresEnvironment } from './cluster.ts'
import type { Place } from './place.ts'

/** A running PostgreSQL: started by us, or found running without a parent. */
export type Postmaster = { pid: number; ended: Promise<void>; adopted: boolean }
/** What PostgreSQL itself writes down: its process, its socket folder, and whether it is ready. */
export type PidFile = { pid: number; socket: string; ready: boolean }

const logLimit = 5_000_000
const partingTime = 2_000

/** Reads postmaster.pid (lines: pid, data folder, start, port, socket folder, address, shared memory, status). */
export function readPidFile(cluster: string): PidFile | undefined {
  // PostgreSQL takes it away and makes it anew while it starts: at any moment it may be gone.
  const lines = textOf(join(cluster, 'postmaster.pid'))?.split('\n') ?? []
  const pid = Number(lines[0])
  if (!(pid > 0)) return undefined
  return { pid, socket: lines[4]?.trim() ?? '', ready: lines[7]?.trim() === 'ready' }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** Answers whether a process with this number runs. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Finds a PostgreSQL that serves this cluster without a parent. A postmaster.pid whose number now belongs to
 * some other program (after a restart of the machine or container) is removed, for PostgreSQL would not start.
 */
export async function findOrphan(place: Place): Promise<Postmaster | undefined> {
  const file = readPidFile(place.cluster)
  if (!file || !lives(file.pid)) return undefined
  if (!commandOf(file.pid).includes(place.cluster)) {
    rmSync(join(place.cluster, 'postmaster.pid'), { force: true })
    return undefined
  }
  const ended = waitForEnd(file.pid)
  // Where it was told to end with its parent, it is about to; taking it over would only be for a moment.
  if (hasDeathSignal() && (await within(partingTime, ended))) return undefined
  return { pid: file.pid, ended, adopted: true }
}

/**
 * Starts PostgreSQL so that it shuts down cleanly when this process dies, where the machine has setpriv.
 * It is in a process group of its own: Ctrl-C in a terminal is for us, and we stop it last.
 */
export function spawnPostgres(
  place: Place,
  binaries: string,
  settings: string[],
): Postmaster & { child: ChildProcess } {
  const program = join(binaries, 'bin/postgres')
  const args = ['-D', place.cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const log = openLog(place.log)
  const options = { cwd: '/', env: postgresEnvironment, detached: true, stdio: ['ignore', log, log] as const }
  const child = hasDeathSignal()
    ? spawn('setpriv', [...setprivArgs(place), program, ...args], { ...options, stdio: [...options.stdio] })
    : spawn(program, args, { ...options, stdio: [...options.stdio], ...place.account })
  closeSync(log)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return { pid: child.pid ?? -1, ended, adopted: false, child }
}

/** Stops PostgreSQL, cleanly when it does so within 3 seconds; always gone after 4.5. */
export async function stopPostmaster(postmaster: Postmaster) {
  for (const [signal, wait] of [
    ['SIGINT', 3_000],
    ['SIGQUIT', 1_000],
    ['SIGKILL', 500],
  ] as const) {
    if (!lives(postmaster.pid)) return
    process.kill(postmaster.pid, signal)
    if (await within(wait, postmaster.ended)) return
  }
}

/** Whether the promise settles in time. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController()
  // It fails only when it is stopped, after the answer.
  const late = sleep(milliseconds, false, { signal: stop.signal }).catch(() => false)
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    stop.abort()
  }
}

async function waitForEnd(pid: number) {
  while (lives(pid)) await sleep(50, undefined, { ref: false })
}

function commandOf(pid: number): string {
  return (
    textOf(`/proc/${pid}/cmdline`) ??
    spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).stdout ??
    ''
  )
}

function setprivArgs(place: Place): string[] {
  if (!place.account) return ['--pdeathsig=INT']
  const { uid, gid } = place.account
  return [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig=INT']
}

let deathSignal: boolean | undefined
function hasDeathSignal(): boolean {
  deathSignal ??= spawnSync('setpriv', ['--pdeathsig=INT', 'true'], { timeout: 5_000 }).status === 0
  return deathSignal
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > logLimit) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}
