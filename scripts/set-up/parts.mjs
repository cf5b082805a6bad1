/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Part */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Names every package of the lock that is not installed in that version. npm writes its own list
 * (`node_modules/.package-lock.json`) last, so an install that was killed shows here.
 * @param {string} root
 */
export function missingParts(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = existsSync(underWay(root))
    ? {}
    : packagesOf(join(root, 'node_modules/.package-lock.json'))
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

/** @param {string} root */
const underWay = (root) => join(root, 'build/fetching')

/**
 * Marks that parts are being fetched. What an npm that was killed left behind goes first: it keeps packages that
 * are only half there, for it looks at their names and versions.
 * @param {string} root
 */
export function beginAfresh(root) {
  const finished = existsSync(join(root, 'node_modules/.package-lock.json')) && !existsSync(underWay(root))
  if (!finished) rmSync(join(root, 'node_modules'), { recursive: true, force: true })
  mkdirSync(join(root, 'build'), { recursive: true })
  writeFileSync(underWay(root), '')
}

/**
 * Says that npm has finished.
 * @param {string} root
 */
export function partsAreWhole(root) {
  rmSync(underWay(root), { force: true })
}

/**
 * Binaries for other machines are in the lock too; only ours count, and optional parts that are no binaries do not.
 * @param {Part} part
 */
const isNeeded = (part) =>
  (!(part.optional || part.devOptional) || part.os !== undefined) &&
  fits(part.os, process.platform) &&
  fits(part.cpu, process.arch) &&
  fits(part.libc, libc())

/**
 * @param {string[] | undefined} list
 * @param {string | undefined} own
 */
const fits = (list, own) =>
  list === undefined ||
  own === undefined ||
  list.includes(own) ||
  (list[0]?.startsWith('!') && !list.includes(`!${own}`))

/**
 * @param {string} lock
 * @returns {Record<string, Part>}
 */
function packagesOf(lock) {
  if (!existsSync(lock)) return {}
  try {
    return JSON.parse(readFileSync(lock, 'utf8')).packages ?? {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** @type {string | undefined} */
let foundLibc
function libc() {
  if (process.platform !== 'linux') return undefined
  const report = /** @type {{ excludeNetwork: boolean, getReport: () => object }} */ (
    /** @type {unknown} */ (process.report)
  )
  report.excludeNetwork = true
  foundLibc ??= JSON.stringify(report.getReport()).includes('"glibcVersionRuntime"') ? 'glibc' : 'musl'
  return foundLibc
}
