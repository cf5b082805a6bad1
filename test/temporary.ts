import { accessSync, constants, readFileSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'

const memory = '/dev/shm'
/** What all the databases of a run need at once is a quarter of the first, bytes. */
const most = { free: 3e9, memory: 6e9 }

/** Answers the folder for what tests make and throw away: in memory where there is plenty, because a database is 1,500 files, and making one takes a disk twenty times as long. Chromium keeps there what its processes share. */
export function temporaryFolder(): string {
  return process.env['TMPDIR'] === undefined && isRoomy() ? memory : tmpdir()
}

function isRoomy(): boolean {
  try {
    accessSync(memory, constants.W_OK)
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > most.free && freemem() > most.memory && mayRunPrograms()
  } catch {
    // No such folder, or not ours: macOS, a closed container.
    return false
  }
}

/** PostgreSQL's programs are copied into its data folder where its account cannot reach ours. */
function mayRunPrograms(): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const options = mounts.findLast((line) => line.split(' ')[1] === memory)?.split(' ')[3]
  return options !== undefined && !options.split(',').includes('noexec')
}
