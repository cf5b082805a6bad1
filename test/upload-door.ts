import { mkdirSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Db } from '#platform/server/db.ts'
import type { Store } from '#platform/server/storage.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { whenceBy } from '#web-from.ts'
import { answerUpload } from '#web-uploads.ts'

export type OpenDoor = {
  server: Server
  origin: string
  store: Store
  folder: string
  close: () => Promise<void>
}

const nothing: RequestListener = (_, response) => void response.writeHead(404).end()

/** Opens the door for uploads by itself, as the web has it, with its folders in one of the test's; `also` answers everything else. */
export async function openDoor(
  db: Db,
  root: string,
  over: Partial<Store> = {},
  also = nothing,
): Promise<OpenDoor> {
  const folder = join(root, 'receiving')
  mkdirSync(folder, { recursive: true })
  const store = { ...fileStore(join(root, 'store')), ...over }
  const whence = whenceBy({ siteUrl: null, trustedProxies: [] })
  const server = createServer((request, response) => {
    answerUpload({ db, to: { store, folder }, whence }, request, response).then(
      (answered) => answered || also(request, response),
      () => response.headersSent || response.writeHead(500).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { server, origin, store, folder, close }
}
