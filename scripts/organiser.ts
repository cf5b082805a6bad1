import * as v from 'valibot'
import { email } from '#kernel/input.ts'
import { readConfig } from '#platform/server/config.ts'
import { connect, urlOf } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { withDatabase } from '#platform/server/with-database.ts'
import { organiserLink } from '#accounts/server/writes/sign-in.ts'
import { lastPort } from './start/port.ts'

const given = v.safeParse(email, process.argv[2] ?? '')
if (!given.success) {
  console.error('Say whose: npm run organiser -- name@example.org')
  process.exit(1)
}
// The link must lead to where the site answers now, which may not be the usual port.
const config = readConfig()
const port = config.port ?? lastPort(config.dataDir)
if (port !== null) process.env['PORT'] = String(port)
const link = await withDatabase(config.dataDir, async (address) => {
  const url = urlOf(address)
  await migrate(url)
  const db = connect(url, 2)
  try {
    return await organiserLink(db, given.output, new Date())
  } finally {
    await db.destroy()
  }
})
console.log(`${given.output} is an organiser. Open this within 30 minutes and press the button:\n${link}`)
if (!readConfig().siteUrl && !readConfig().port)
  console.log('If the site told you another address when it started, put that one before /sign-in.')
