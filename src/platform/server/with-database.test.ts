import { afterAll, expect, test } from 'vitest'
import { ask, hold, openFolder, removeFolders } from '../../../test/holder.ts'
import { type DatabaseAddress } from './postgres.ts'
import { withDatabase } from './with-database.ts'

afterAll(removeFolders)

const count = async (address: DatabaseAddress) => {
  if (!('host' in address)) throw new Error('A socket was expected')
  return ask(address, 'create table if not exists kept (n int); select count(*)::int as kept from kept')
}

test('a command starts the database when nobody has, and stops it after', async () => {
  const dataDir = openFolder()
  await withDatabase(dataDir, count, '')
  const held = await hold(dataDir)
  expect(held.said).toMatchObject({ adopted: false })
  await held.end()
})

test('a command joins the database that runs', async () => {
  const dataDir = openFolder()
  const held = await hold(dataDir)
  const host = await withDatabase(dataDir, async (address) => ('host' in address ? address.host : ''), '')
  expect(host).toBe(held.said.address.host)
  await held.end()
})

test('a command goes to the database of DATABASE_URL when it is set', async () => {
  const url = 'postgresql://somebody@example.org/elsewhere'
  expect(await withDatabase(openFolder(), async (address) => address, url)).toEqual({ connectionString: url })
})
