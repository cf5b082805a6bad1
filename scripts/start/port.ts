import { createServer, type Server } from 'node:net'

const firstPort = 3000
const tries = 200

/** A port that is kept for us until it is let go. */
export type KeptPort = { port: number; letGo: () => Promise<void> }

/**
 * Takes the port to listen on: the one that was asked for, or the first free one from 3000. It is kept, so that
 * nobody else takes it while the database starts. Throws a sentence that names the next free port when the one
 * asked for is taken.
 */
export async function keepPort(asked: number | null, host: string): Promise<KeptPort> {
  const kept = await firstFree(asked ?? firstPort, host)
  if (asked === null || kept.port === asked) return kept
  await kept.letGo()
  throw new Error(`Port ${asked} is taken. The next free one is ${kept.port}: PORT=${kept.port} npm start`)
}

async function firstFree(from: number, host: string): Promise<KeptPort> {
  const end = Math.min(from + tries, 65_535)
  for (let port = from; port <= end; port++) {
    const server = await listen(port, host)
    if (server) return { port, letGo: () => new Promise((resolve) => server.close(() => resolve())) }
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
