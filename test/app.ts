import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The whole product as `npm start` runs it, in processes of its own. */
export type App = {
  /** Where it answers, or an empty word when it ended before it did. */
  address: string
  pid: number
  /** Everything it has printed so far. */
  printed: () => string
  /** The exit code, once it has ended. */
  ended: Promise<number | null>
  stop: () => Promise<void>
  kill: () => Promise<void>
}

const root = join(import.meta.dirname, '..')
/** As `npm start` has it. */
const compiled = join(root, 'node_modules/.compiled')
const startLimit = 120_000
const ours = /^(NODE_ENV|VITEST|PORT|HOST|DATABASE_URL|SITE_URL|SMTP_URL|IMAP_URL|ROLE|DATA_DIR)/

/** A data folder that goes with `removeDataFolder`. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'abe-app-'))
  chmodSync(folder, 0o711)
  return folder
}

/** Copies a data folder on which nothing runs, with all owners as they are; it goes with `removeDataFolder`. */
export function copyDataFolder(from: string): string {
  const folder = makeDataFolder()
  execFileSync('cp', ['-a', `${from}/.`, folder])
  return folder
}

export const removeDataFolder = (folder: string) => rmSync(folder, { recursive: true, force: true })

/** Starts the product and waits until it answers or ends. Give `DATA_DIR`, and whatever else it should find set. */
export async function startApp(
  env: { DATA_DIR: string } & Record<string, string>,
  args: string[] = [],
): Promise<App> {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.test(name))
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts'), ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), NODE_COMPILE_CACHE: compiled, LOG: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (data: Buffer) => (text += data.toString()))
  child.stderr.on('data', (data: Buffer) => (text += data.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  await readyOrEnded(child, () => text)
  return {
    address: /answers on (\S+)/.exec(text)?.[1] ?? '',
    pid: child.pid ?? -1,
    printed: () => text,
    ended,
    stop: () => signal(child, 'SIGTERM', ended),
    kill: () => signal(child, 'SIGKILL', ended),
  }
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** The program and arguments of a process. */
export const commandOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')

/** Tries until the answer is yes; throws what was awaited after the limit, seconds. */
export async function until(what: string, answer: () => boolean | Promise<boolean>, limit = 30) {
  const end = Date.now() + limit * 1000
  while (!(await answer())) {
    if (Date.now() > end) throw new Error(`Not within ${limit} s: ${what}`)
    await sleep(100)
  }
}

async function readyOrEnded(child: ChildProcess, text: () => string) {
  const end = Date.now() + startLimit
  while (!/Ready after/.test(text()) && child.exitCode === null && child.signalCode === null) {
    if (Date.now() > end) {
      child.kill('SIGKILL')
      throw new Error(`The product did not start:\n${text()}`)
    }
    await sleep(25)
  }
}

async function signal(child: ChildProcess, name: NodeJS.Signals, ended: Promise<unknown>) {
  child.kill(name)
  await ended
}
