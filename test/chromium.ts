import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** A browser program, and what it needs in its environment. */
export type Chromium = { program: string; env: Record<string, string> }

const system = '/usr/bin/chromium'
const packageMain = createRequire(import.meta.url).resolve('@sparticuz/chromium')
const packed = join(dirname(packageMain), '../bin')
const { version } = JSON.parse(readFileSync(join(packed, '../package.json'), 'utf8')) as { version: string }

/** Finds a browser: CHROMIUM_PATH, the system's, else the one that comes with the packages, unpacked once. */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const named = env['CHROMIUM_PATH']
  if (named) return { program: named, env: {} }
  if (existsSync(system)) return { program: system, env: {} }
  return packedChromium()
}

/** Finds the browser that comes with the packages, with the libraries and letters that a small machine does not have. */
export async function packedChromium(): Promise<Chromium> {
  const folder = join(cacheFolder(), `chromium-${version}`)
  if (!existsSync(folder)) await unpack(folder)
  return {
    program: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: nameLetters(folder) },
  }
}

/** Says where the letters are. The list that comes with them looks in other folders, and with no letters at all the browser breaks off at the first field of a form. */
function nameLetters(folder: string): string {
  const file = join(folder, 'letters.conf')
  const half = `${file}.${process.pid}`
  const inXml = (name: string) => join(folder, name).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  writeFileSync(
    half,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${inXml('fonts/fonts')}</dir>
  <cachedir>${inXml('letters')}</cachedir>
</fontconfig>
`,
  )
  renameSync(half, file)
  return file
}

/** Unpacks beside and renames, so that a run that was killed leaves nothing half-done where it would be used. */
export async function unpack(folder: string) {
  const half = `${folder}.${process.pid}`
  mkdirSync(half, { recursive: true })
  const { inflate } = await import('@sparticuz/chromium')
  const usual = process.env['TMPDIR']
  process.env['TMPDIR'] = half
  try {
    await Promise.all(readdirSync(packed).map((name) => inflate(join(packed, name))))
  } finally {
    if (usual === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = usual
  }
  chmodSync(join(half, 'chromium'), 0o755)
  if (existsSync(folder)) rmSync(half, { recursive: true })
  else renameSync(half, folder)
}

/** In the checkout where we may write there, else among this account's temporary files. */
function cacheFolder(): string {
  const modules = join(import.meta.dirname, '../node_modules')
  try {
    accessSync(modules, constants.W_OK)
    return join(modules, '.cache/a-bit-extra')
  } catch {
    // Not ours to write in.
    return join(tmpdir(), `a-bit-extra-${userInfo().uid}`)
  }
}
