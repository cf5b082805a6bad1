import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keepPort, lastPort, rememberPort } from './port.ts'

const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'abe-port-'))
  folders.push(folder)
  return folder
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

const host = '127.0.0.1'
async function taken<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  try {
    return await work(typeof address === 'object' && address ? address.port : 0)
  } finally {
    server.close()
  }
}
const freePort = async (): Promise<number> => {
  const port = await taken((one) => Promise.resolve(one))
  return port
}
async function portFor(dataDir: string, port: number | null = null): Promise<number> {
  const kept = await keepPort({ port, host, dataDir })
  await kept.letGo()
  return kept.port
}

test('the port of last time is tried first, so that links in mails stay right', async () => {
  const dataDir = newFolder()
  const last = await freePort()
  rememberPort(dataDir, last)
  expect(lastPort(dataDir)).toBe(last)
  expect(await portFor(dataDir)).toBe(last)
})

test('a port of last time that is taken gives way to the next free one from 3000', async () => {
  const dataDir = newFolder()
  await taken(async (last) => {
    rememberPort(dataDir, last)
    const port = await portFor(dataDir)
    expect(port).not.toBe(last)
    expect(port).toBeLessThanOrEqual(3200)
  })
})

test('the port that was asked for comes before the one of last time, and is an error when it is taken', async () => {
  const dataDir = newFolder()
  rememberPort(dataDir, await freePort())
  const asked = await freePort()
  expect(await portFor(dataDir, asked)).toBe(asked)
  await taken(async (port) => {
    await expect(portFor(dataDir, port)).rejects.toThrow(`Port ${port} is taken. The next free one is`)
  })
})

test('a folder that knows no port, or nonsense, is as new', () => {
  const dataDir = newFolder()
  expect(lastPort(dataDir)).toBeNull()
  for (const words of ['', 'x', '0', '70000', '-1', '30.5']) {
    writeFileSync(join(dataDir, 'port'), words)
    expect(lastPort(dataDir), words).toBeNull()
  }
})
