import { expect, test, afterAll } from 'vitest'
import { hold, openFolder, removeFolders } from '../../../test/holder.ts'
import { holderOf, lockFolder } from './lock.ts'

afterAll(removeFolders)

test('of two on one data folder, the second says who has it', async () => {
  const dataDir = openFolder()
  const first = await hold(dataDir)
  const second = await hold(dataDir)
  expect(second.said.refused).toContain(`in use by process ${holderOf(dataDir)?.pid}`)
  await first.end()
  await second.end()
})

test('a process that was killed leaves no lock behind', async () => {
  const dataDir = openFolder()
  const first = await hold(dataDir)
  expect(lockFolder(dataDir)).toBeUndefined()
  await first.kill()
  const lock = lockFolder(dataDir)
  expect(lock).toBeDefined()
  lock?.release()
})
