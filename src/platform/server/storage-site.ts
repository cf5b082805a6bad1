import { join } from 'node:path'
import { readConfig, type Config } from '#platform/server/config.ts'
import type { Store } from '#platform/server/storage.ts'
import { bucketStore, readBucket } from '#platform/server/storage-bucket.ts'
import { fileStore } from '#platform/server/storage-files.ts'

/** Opens the store that STORAGE_URL names; a folder in the data folder when it names none. */
export function openStore(config: Config): Store {
  const url = config.storageUrl
  if (url === null) return fileStore(join(config.dataDir, 'store'))
  if (url.startsWith('file:')) return fileStore(decodeURIComponent(url.replace(/^file:(\/\/)?/, '')))
  return bucketStore(readBucket(url, config.storageKeys))
}

let own: Store | undefined

/** Answers the store of this process, opened once. */
export const siteStore = (): Store => (own ??= openStore(readConfig()))
