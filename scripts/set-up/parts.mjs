import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Names every package of the lock that is not installed in that version. npm writes its own list
 * (`node_modules/.package-lock.json`) last, so an install that was killed shows here.
 */
export function missingParts(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'))
  const needed = Object.entries(wanted).filter(([path, part]) => path !== '' && isNeeded(part))
  const missing = needed.filter(
    ([path, part]) =>
      installed[path]?.version !== part.version || !existsSync(join(root, path, 'package.json')),
  )
  return Object.assign(
    missing.map(([path]) => path.replace(/^.*node_modules\//, '')),
    { total: needed.length },
  )
}

/** Binaries for other machines are in the lock too; only ours count, and optional parts that are no binaries do not. */
const isNeeded = (part) =>
  (!(part.optional || part.devOptional) || part.os !== undefined) &&
  fits(part.os, process.platform) &&
  fits(part.cpu, process.arch) &&
  fits(part.libc, libc())

const fits = (list, own) =>
  list === undefined || list.includes(own) || (list[0]?.startsWith('!') && !list.includes(`!${own}`))

function packagesOf(lock) {
  if (!existsSync(lock)) return {}
  try {
    return JSON.parse(readFileSync(lock, 'utf8')).packages ?? {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

let foundLibc
function libc() {
  if (process.platform !== 'linux') return undefined
  process.report.excludeNetwork = true
  foundLibc ??= process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
  return foundLibc
}
