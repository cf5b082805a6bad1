import { once } from 'node:events'
import { describeHolder, lockFolder } from '#platform/server/lock.ts'
import { startPostgres } from '#platform/server/postgres.ts'

// Holds a data folder and its database until its input ends; says in one line what it has.
const dataDir = process.argv[2]
if (!dataDir) throw new Error('Which data folder?')
try {
  const lock = lockFolder(dataDir)
  if (lock) await holdUntilEnd(dataDir)
  else console.log(JSON.stringify({ refused: describeHolder(dataDir) }))
  lock?.release()
} catch (error) {
  console.log(JSON.stringify({ failed: error instanceof Error ? error.message : String(error) }))
  process.exitCode = 1
}

async function holdUntilEnd(folder: string) {
  const gaveUp = (reason: Error) => console.log(JSON.stringify({ gaveUp: reason.message }))
  const postgres = await startPostgres({ dataDir: folder, gaveUp })
  const { address, adopted } = postgres
  console.log(JSON.stringify({ address, adopted, postgres: postgres.pid() }))
  process.stdin.resume()
  await once(process.stdin, 'end')
  await postgres.stop()
}
