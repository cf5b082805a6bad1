import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { holdsSomething } from '#platform/server/backup/databases.ts'
import { makeBackup, placeOfBackup } from '#platform/server/backup/make.ts'
import { readConfig, siteSecret } from '#platform/server/config.ts'
import { urlOf } from '#platform/server/db.ts'
import { openStore } from '#platform/server/storage-site.ts'
import { withDatabase } from '#platform/server/with-database.ts'
import { plainly } from './backup/plainly.ts'

await plainly(async () => {
  const { to, 'with-secret': withSecret = false } = asked()
  const config = readConfig()
  const now = new Date()
  const place = await placeOfBackup(config.dataDir, to, now)
  const manifest = await withDatabase(config.dataDir, async (address) => {
    const url = urlOf(address)
    if (!(await holdsSomething(url)))
      throw new Error('There is nothing to make a backup of: this site was never started.')
    const say = (line: string): void => console.log(line)
    const secret = siteSecret(config)
    return makeBackup({ url, store: openStore(config), secret, withSecret, to: place, now, say })
  })
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const { size } = await stat(place)
  console.log(`\nA backup of ${rows} rows, ${(size / 1e6).toFixed(1)} MB, is in\n${place}`)
  console.log(
    withSecret
      ? 'It holds the secret: whoever has this file can open the sealed evidence and make links that let anybody in. Keep it locked away.'
      : 'It does not hold the secret. Links in mails and sealed evidence only open with it: keep a copy of it apart, or make a backup with --with-secret.',
  )
  console.log(
    'It does not hold the ledger of withdrawals either. Copy the folder ledger of the data folder as well.',
  )
})

function asked() {
  try {
    return parseArgs({ options: { to: { type: 'string' }, 'with-secret': { type: 'boolean' } } }).values
  } catch (cause) {
    throw new Error('Say it like this: npm run backup -- [--to FOLDER-OR-FILE] [--with-secret]', { cause })
  }
}
