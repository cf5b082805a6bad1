import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, expect, inject } from 'vitest'
import { dropDatabase } from '#platform/server/backup/databases.ts'
import { connect, urlOf, type Db } from '#platform/server/db.ts'
import { codesInMails } from './codes.ts'

/** Gives the calling test file a database of its own, cloned from the migrated template and dropped after. After each test no mail in it may say a code; `leftAlone` asks that without keeping a connection open, for tests that want to be alone with it. Call it once, at the top. */
export async function testDatabase({ leftAlone = false } = {}): Promise<Db & { url: string }> {
  const template = inject('postgres')
  const name = `t_${randomBytes(6).toString('hex')}`
  await onServer(template, async (client) => {
    // Nothing here has to outlive a crash: copying the files costs half of writing each page into the log first.
    await client.query(`create database ${name} template ${template.database} strategy file_copy`)
  })
  const url = urlOf({ ...template, database: name })
  const db = Object.assign(connect(url, 6), { url })
  afterEach(async () => {
    const codes = leftAlone ? codesApart(url) : codesInMails(db).catch(() => codesApart(url))
    expect(await codes).toEqual([])
  })
  afterAll(async () => {
    await db.destroy()
    await onServer(template, (client) => dropDatabase(client, name))
  })
  return db
}

/** Some tests cut off or close the connections of their file. */
async function codesApart(url: string): Promise<string[]> {
  const apart = connect(url, 1)
  try {
    return await codesInMails(apart)
  } finally {
    await apart.destroy()
  }
}

async function onServer(
  server: { host: string; user: string },
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ host: server.host, user: server.user, database: 'postgres' })
  await client.connect()
  try {
    // Another file may be cloning the template at this moment; PostgreSQL copies it for one at a time.
    await client.query('select pg_advisory_lock(7302017)')
    await work(client)
  } finally {
    await client.end()
  }
}
