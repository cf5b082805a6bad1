import { createServer } from 'node:net'

const firstPort = 3000
const tries = 200

/**
 * Answers the port to listen on: the one that was asked for, or the first free one from 3000.
 * Throws a sentence that names the next free port when the one asked for is taken.
 */
export async function choosePort(asked: number | null, host: string): Promise<number> {
  const free = await nextFree(asked ?? firstPort, host)
  if (asked === null || free === asked) return free
  throw new Error(`Port ${asked} is taken. The next free one is ${free}: PORT=${free} npm start`)
}

async function nextFree(from: number, host: string): Promise<number> {
  const end = Math.min(from + tries, 65_535)
  for (let port = from; port <= end; port++) if (await isFree(port, host)) return port
  throw new Error(`No port from ${from} to ${end} is free on ${host}.`)
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(false)
      if (error.code === 'EACCES')
        return reject(new Error(`This account may not use port ${port}. Set PORT to one above 1024.`))
      if (error.code === 'EADDRNOTAVAIL')
        return reject(new Error(`HOST=${host} is not an address of this machine.`))
      reject(error)
    })
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
