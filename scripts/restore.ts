import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { dropKept } from '#platform/server/backup/databases.ts'
import { fitsSecret, type Restored } from '#platform/server/backup/restore.ts'
import { type Config, readConfig, siteSecret } from '#platform/server/config.ts'
import { urlOf } from '#platform/server/db.ts'
import { openStore } from '#platform/server/storage-site.ts'
import { withDatabase, withDatabaseAlone } from '#platform/server/with-database.ts'
import { bringBack, replayInto, replayWith, type Replayed } from './backup/bring-back.ts'
import { plainly } from './backup/plainly.ts'

await plainly(async () => {
  const { file, drop, replay } = asked()
  const config = readConfig()
  if (drop !== undefined) {
    await withDatabase(config.dataDir, (address) => dropKept(urlOf(address), drop))
    console.log(`${drop} is deleted.`)
  } else if (replay) {
    const again = replayWith(openStore(config))
    sayReplayed(
      await withDatabase(config.dataDir, (address) => replayInto(urlOf(address), new Date(), again)),
    )
  } else if (file !== undefined) {
    await restore(config, resolve(file))
  }
})

async function restore(config: Config, file: string): Promise<void> {
  const restored = await withDatabaseAlone(config.dataDir, (address) =>
    bringBack({
      url: urlOf(address),
      store: openStore(config),
      dataDir: config.dataDir,
      file,
      now: new Date(),
      say: (line) => console.log(line),
    }),
  )
  console.log(`\nThe site is as it was on ${restored.manifest.made.slice(0, 16).replace('T', ' at ')} UTC.`)
  sayReplayed(restored)
  saySecret(config, restored)
  if (restored.kept === null) return
  console.log(`What was there before is kept in the database ${restored.kept}. When you no longer need it:`)
  console.log(`npm run restore -- --drop ${restored.kept}`)
}

function sayReplayed({ replayed, closed, failed, brought = 0, mended = null }: Replayed): void {
  if (brought > 0)
    console.log(`The ledger was gone from the data folder; its copy in the store took its place.`)
  if (mended !== null) {
    console.log(
      `The ledger was damaged: ${mended.readable} of its ${mended.lines} entries could be read. ` +
        'With its copy in the store it is whole again; the damaged file is kept beside it.',
    )
  }
  if (!closed) return console.log(`What was withdrawn since is in force: ${replayed} entries of the ledger.`)
  process.exitCode = 2
  console.log(
    'The ledger of withdrawals could not be replayed, so all activities and stories stay hidden. ' +
      'Put the folder ledger back into the data folder, and run: npm run restore -- --replay. ' +
      'If nobody has it any more, an organiser can go on from /desk/ledger.',
  )
  if (failed !== null) console.log(`It said: ${failed}`)
}

function saySecret(config: Config, { manifest, secret }: Restored): void {
  if (fitsSecret(manifest, siteSecret(config))) return
  console.log(
    secret
      ? 'The secret of the backup lies in the data folder, but SECRET is set to another: links in mails and sealed evidence do not open.'
      : 'The secret here is not the one the backup was made with: links in mails and sealed evidence do not open. Put the old one into the file secret of the data folder, or set SECRET.',
  )
}

function asked(): { file?: string; drop?: string; replay: boolean } {
  const usage = 'Say which backup: npm run restore -- FILE'
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { drop: { type: 'string' }, replay: { type: 'boolean' } },
    })
    const [file] = positionals
    if (positionals.length > 1 || (file === undefined && values.drop === undefined && !values.replay))
      throw new Error(usage)
    return { ...(file === undefined ? {} : { file }), ...values, replay: values.replay ?? false }
  } catch (cause) {
    throw new Error(usage, { cause })
  }
}
