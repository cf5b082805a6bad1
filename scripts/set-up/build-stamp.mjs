import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param {string} root */
const stampFile = (root) => join(root, 'build/stamp')
const folders = ['src', 'messages', 'static', 'scripts/seed']
const files = [
  'vite.config.ts',
  'vite.elements.config.ts',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
]

/**
 * Answers whether a file is a part of what is built, by its path from the top of the project.
 * @param {string} path
 */
export const isBuilt = (path) =>
  files.includes(path) || folders.some((folder) => path.startsWith(`${folder}/`))

/**
 * Answers the mark of the sources as they are now, or undefined when exactly these have been built.
 * @param {string} root
 */
export function changedSources(root) {
  const mark = markOf(root)
  const stamp = stampFile(root)
  if (!existsSync(join(root, 'build/site/handler.js'))) return mark
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === mark ? undefined : mark
}

/** @param {string} root */
export function forgetStamp(root) {
  rmSync(stampFile(root), { force: true })
}

/**
 * @param {string} root
 * @param {string} mark
 */
export function keepStamp(root, mark) {
  mkdirSync(join(root, 'build'), { recursive: true })
  writeFileSync(stampFile(root), mark)
}

/** @param {string} root */
function markOf(root) {
  const hash = createHash('sha256')
  const inFolders = folders.flatMap((folder) => filesUnder(root, folder))
  for (const path of [...inFolders, ...files].toSorted()) {
    const full = join(root, path)
    if (existsSync(full)) hash.update(`${path}\0`).update(readFileSync(full)).update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesUnder(root, path)
    return entry.name.endsWith('.test.ts') ? [] : [path]
  })
}
