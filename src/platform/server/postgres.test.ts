import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
test('the embedded database sorts and compares letters of other languages', async () => {
  const client = new Client(inject('postgres'))
  await client.connect()
  const { rows } = await client.query(
    `select upper('ä') as upper, to_tsvector('simple', 'Übung ñandú') @@ to_tsquery('simple','übung') as found, version()`,
  )
  await client.end()
  expect(rows[0]).toMatchObject({ upper: 'Ä', found: true })
})
