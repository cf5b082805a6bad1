import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Waits until no other set-up works in this folder, then is the one. Ends with the process, kill -9 included.
 * @param {string} root
 * @returns {Promise<() => void>} lets the next one go on
 */
export async function onlyOne(root) {
  const name = `a-bit-extra-set-up-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
  // A name that begins with a null byte is Linux's own kind of socket without a file.
  const path = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name)
  for (let told = false; ; told = true) {
    const server = await listen(path)
    if (server) return () => server.close()
    if (!told) console.log('Another set-up is at work in this folder; waiting for it.')
    await untilGone(path)
  }
}

/**
 * @param {string} path
 * @returns {Promise<import('node:net').Server | undefined>}
 */
function listen(path) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(path, () => resolve(server))
    server.unref()
  })
}

/**
 * @param {string} path
 * @returns {Promise<void>}
 */
function untilGone(path) {
  return new Promise((resolve) => {
    const other = connect(path)
    other.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'ECONNREFUSED' && !path.startsWith('\0')) rmSync(path, { force: true })
      setTimeout(resolve, 200)
    })
    other.once('close', () => resolve())
    other.resume()
  })
}
