import { join } from 'node:path'
import { makeBackup } from '#platform/server/backup/make.ts'
import { restoreBackup } from '#platform/server/backup/restore.ts'
import { fileStore } from '#platform/server/storage-files.ts'

// Makes or restores a backup, and is killed hard when it has said so much.
const [what, line = '', url = '', file = '', dataDir = ''] = process.argv.slice(2)
const say = (said: string): void => {
  if (said.startsWith(line)) process.kill(process.pid, 'SIGKILL')
}
const store = fileStore(join(dataDir, 'store'))
const now = new Date('2027-10-20T12:00:00Z')
if (what === 'make')
  await makeBackup({ url, store, secret: 'none that matters', withSecret: false, to: file, now, say })
else await restoreBackup({ url, store, dataDir, file, now, say, before: async () => undefined })
