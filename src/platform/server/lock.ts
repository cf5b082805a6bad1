import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Whoever holds a data folder: its process, and the address it answers on once it has one. */
export type Holder = { pid: number; address?: string }
export type FolderLock = {
  /** Tells others who ask where this process answers. */
  announce: (address: string) => void
  release: () => void
}

const holderFile = (dataDir: string) => join(dataDir, 'lock.json')
const sqliteBusy = 5

/** Makes the data folder; its files are private, but the account PostgreSQL runs under can pass through when we are root. */
export function makeDataFolder(dataDir: string) {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700
  mkdirSync(dataDir, { recursive: true, mode })
}

/**
 * Takes the data folder for this process, or answers undefined when another living process has it.
 * The lock is the kernel's (through SQLite's file locks), so it ends with the process, kill -9 included,
 * and holds between containers and accounts that share the folder.
 */
export function lockFolder(dataDir: string): FolderLock | undefined {
  makeDataFolder(dataDir)
  const held = openLocked(join(dataDir, 'lock'))
  if (!held) return undefined
  writeHolder(dataDir, { pid: process.pid })
  return {
    announce: (address) => writeHolder(dataDir, { pid: process.pid, address }),
    release: () => held.close(),
  }
}

/** Reads who said last that the data folder is theirs; only true while `lockFolder` answers undefined. */
export function holderOf(dataDir: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(holderFile(dataDir), 'utf8')) as Holder
  } catch {
    // Not there, or cut off by whoever was killed while writing: nobody has said.
    return undefined
  }
}

/** One sentence that says why a data folder cannot be taken. */
export function describeHolder(dataDir: string): string {
  const holder = holderOf(dataDir)
  const who = holder ? `process ${holder.pid}` : 'another process'
  const where = holder?.address ? `, answering on ${holder.address}` : ''
  return `The data folder ${dataDir} is in use by ${who}${where}.`
}

function writeHolder(dataDir: string, holder: Holder) {
  writeFileSync(holderFile(dataDir), JSON.stringify(holder) + '\n')
}

function openLocked(path: string): DatabaseSync | undefined {
  let file: DatabaseSync | undefined
  try {
    file = new DatabaseSync(path, { timeout: 0 })
    file.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return file
  } catch (error) {
    file?.close()
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined
    throw new Error(
      `${path} cannot be opened by ${userInfo().username}. Was this data folder made by another account? ` +
        'Start as that account, or make this account its owner.',
      { cause: error },
    )
  }
}
