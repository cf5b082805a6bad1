import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'

const firstPort = 3000
const tries = 200

/** A port that is kept for us until it is let go. */
export type KeptPort = { port: number; letGo: () => Promise<void> }

/** What decides the port: the one that was asked for, the address to listen on, and the folder that knows the last one. */
type Wanted = { port: number | null; host: string; dataDir: string }

/**
 * Takes the port to listen on: the one that was asked for; else the one of last time, for links that were mailed
 * lead there; else the first free one from 3000. It is kept, so that nobody else takes it while the database starts.
 * Throws a sentence that names the next free port when the one asked for is taken.
 */
export async function keepPort({ port, host, dataDir }: Wanted): Promise<KeptPort> {
  const wanted = port ?? lastPort(dataDir) ?? firstPort
  const server = await listen(wanted, host)
  if (server) return keptBy(server, wanted)
  if (port === null) return firstFree(firstPort, host)
  const next = await firstFree(port, host)
  await next.letGo()
  throw new Error(`Port ${port} is taken. The next free one is ${next.port}: PORT=${next.port} npm start`)
}

const portFile = (dataDir: string) => join(dataDir, 'port')

/** Writes down the port that the site answers on, for the next start and for commands. */
export const rememberPort = (dataDir: string, port: number) => writeFileSync(portFile(dataDir), `${port}\n`)

/** Answers the port that the site of a data folder answered on last, or null when nobody knows. */
export function lastPort(dataDir: string): number | null {
  try {
    const port = Number(readFileSync(portFile(dataDir), 'utf8'))
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
  } catch {
    // Not there before the first start; and whatever cannot be read, another port serves as well.
    return null
  }
}

const keptBy = (server: Server, port: number): KeptPort => ({
  port,
  letGo: () => new Promise((resolve) => server.close(() => resolve())),
})

async function firstFree(from: number, host: string): Promise<KeptPort> {
  const end = Math.min(from + tries, 65_535)
  for (let port = from; port <= end; port++) {
    const server = await listen(port, host)
    if (server) return keptBy(server, port)
  }
  throw new Error(`No port from ${from} to ${end} is free on ${host}.`)
}

function listen(port: number, host: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(explained(error, port, host))
    })
    server.listen(port, host, () => resolve(server))
  })
}

function explained(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EACCES')
    return new Error(`This account may not use port ${port}. Set PORT to one above 1024.`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Error(`HOST=${host} is not an address of this machine.`)
  }
  return error
}
