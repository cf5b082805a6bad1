// The source as it runs here, for everybody who uses it over the network (section 13 of the licence). Plain JavaScript
// without packages, like the rest of the set-up.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Only what belongs to the project is ever packed, so that no data, key or note beside it can be. */
const folders = ['.ci', 'bench', 'db', 'docs', 'messages', 'scripts', 'src', 'static', 'test']
const files = [
  '.gitignore',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'ARCHITECTURE.md',
  'CREDITS.md',
  'LICENSE',
  'README.md',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  'vite.config.ts',
  'vite.elements.config.ts',
  'vitest.config.ts',
]

/**
 * Packs the source into build/source.tar.gz, unless exactly this has been packed.
 * @param {string} root
 */
export function packSource(root) {
  const packed = join(root, 'build/source.tar.gz')
  const stamp = join(root, 'build/source.stamp')
  const entries = entriesOf(root)
  const hash = createHash('sha256')
  for (const { path, mode, bytes } of entries) hash.update(`${path}\0${mode}\0`).update(bytes).update('\0')
  const mark = hash.digest('hex')
  if (existsSync(packed) && existsSync(stamp) && readFileSync(stamp, 'utf8') === mark) return
  mkdirSync(join(root, 'build'), { recursive: true })
  writeFileSync(`${packed}.new`, gzipSync(tarOf('a-bit-extra/', entries)))
  renameSync(`${packed}.new`, packed)
  writeFileSync(stamp, mark)
}

/** @typedef {{ path: string, mode: number, bytes: Buffer }} Entry */

/**
 * @param {string} root
 * @returns {Entry[]}
 */
function entriesOf(root) {
  const paths = [...folders.flatMap((folder) => filesUnder(root, folder)), ...files]
  return paths.toSorted().flatMap((path) => {
    const full = join(root, path)
    if (!existsSync(full)) return []
    return [{ path, mode: statSync(full).mode & 0o111 ? 0o755 : 0o644, bytes: readFileSync(full) }]
  })
}

/**
 * Plain files only: a link may lead out of the project, and a name with a dot first is somebody's own.
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return filesUnder(root, path)
    return entry.isFile() ? [path] : []
  })
}

/**
 * @param {string} top
 * @param {Entry[]} entries
 */
function tarOf(top, entries) {
  const parts = entries.flatMap(({ path, mode, bytes }) => {
    const name = top + path
    const plain = name.length <= 100 && /^[ -~]+$/.test(name)
    return [
      ...(plain ? [] : member('long-name', 'x', 0o644, longName(name))),
      ...member(name, '0', mode, bytes),
    ]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

/**
 * A pax record for a name that does not fit into the first header: its own length comes first.
 * @param {string} name
 */
function longName(name) {
  const rest = ` path=${name}\n`
  const bytes = Buffer.byteLength(rest)
  const length = bytes + String(bytes + String(bytes).length).length
  return Buffer.from(`${length}${rest}`)
}

/**
 * @param {string} name
 * @param {string} type
 * @param {number} mode
 * @param {Buffer} bytes
 */
function member(name, type, mode, bytes) {
  const head = Buffer.alloc(512)
  const octal = (/** @type {number} */ value, /** @type {number} */ width) =>
    `${value.toString(8).padStart(width - 1, '0')}\0`
  head.write(Buffer.from(name).subarray(0, 100).toString('latin1'), 0, 'latin1')
  head.write(octal(mode, 8), 100)
  head.write(octal(0, 8), 108)
  head.write(octal(0, 8), 116)
  head.write(octal(bytes.length, 12), 124)
  head.write(octal(0, 12), 136)
  head.write(' '.repeat(8), 148)
  head.write(type, 156)
  head.write('ustar\x0000', 257)
  head.write(
    `${octal(
      head.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  )
  return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
}
