// Brings everything `npm start` and `npm test` need. Runs on Node 20 with nothing installed, so it is plain
// JavaScript without packages, and is written to be killed at any moment: the next run repairs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changedSources, keepStamp, forgetStamp } from './set-up/build-stamp.mjs'
import { beginAfresh, missingParts, partsAreWhole } from './set-up/parts.mjs'
import { onlyOne } from './set-up/only-one.mjs'
import { causeOf, explain, Stop } from './set-up/plain-errors.mjs'
import { progress } from './set-up/progress.mjs'
import { packSource } from './set-up/source-archive.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const forTests = process.argv.includes('--test')
const steps = forTests ? 2 : 5
const registryLimit = 15 * 60_000
const buildLimit = 10 * 60_000

main().catch((error) => {
  const known = error instanceof Stop ? error.message : causeOf(String(error.code))
  if (!known) throw error
  console.error(`\n${known}\n${error instanceof Stop ? '' : `(${error.message})\n`}`)
  process.exit(1)
})

async function main() {
  checkNode()
  const release = await onlyOne(root)
  await fetchParts()
  await build()
  packSource(root)
  release()
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20)
    throw new Stop(`This needs Node 20 or newer; here is ${process.version}. See https://nodejs.org`)
}

async function fetchParts() {
  const missing = missingParts(root)
  if (missing.length === 0) return
  checkSpace()
  const total = missing.total
  beginAfresh(root)
  const moving = progress(`1 of ${steps}: fetching ${total} parts from the npm registry`, () =>
    countParts(total),
  )
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  let npm = await run(npmCommand(), ['ci', ...options], registryLimit)
  // npm ci refuses a lock in which binaries for other machines were not published when it was written.
  if (npm.code !== 0 && /EUSAGE/.test(npm.output)) {
    npm = await run(npmCommand(), ['install', '--no-save', ...options], registryLimit)
  }
  moving.end(npm.code === 0)
  if (npm.code !== 0) throw new Stop(explain(npm, 'The parts could not be fetched.'))
  partsAreWhole(root)
  const still = missingParts(root)
  if (still.length > 0)
    throw new Stop(`npm did not bring: ${still.slice(0, 8).join(', ')}. Please start again.`)
}

async function build() {
  const changed = changedSources(root)
  if (!changed && existsSync(join(root, 'node_modules/$app'))) return
  const node = newerNode()
  const moving = progress(`2 of ${steps}: building the pages`)
  const failed = (/** @type {string} */ what) => (/** @type {Ran} */ ran) => {
    if (ran.code === 0) return
    moving.end(false)
    throw new Stop(explain(ran, `${what} did not work.`))
  }
  const kit = ['node_modules/@sveltejs/kit/svelte-kit.js', 'sync']
  await run([node], kit, buildLimit).then(failed('Preparing the types'))
  if (changed) {
    forgetStamp(root)
    // What Node keeps of a program that it has read once: of the old one it would stay for good.
    rmSync(join(root, 'node_modules/.compiled'), { recursive: true, force: true })
    await run([node], ['node_modules/vite/bin/vite.js', 'build'], buildLimit).then(
      failed('Building the pages'),
    )
    if (existsSync(join(root, 'vite.elements.config.ts'))) {
      const elements = ['node_modules/vite/bin/vite.js', 'build', '-c', 'vite.elements.config.ts']
      await run([node], elements, buildLimit).then(failed('Building the elements'))
    }
    keepStamp(root, changed)
  }
  moving.end(true)
}

/** @typedef {{ code: number, output: string }} Ran */

/** Node 24 from the packages, else the person's own if it runs TypeScript. */
function newerNode() {
  const own = join(root, 'node_modules/.bin/node')
  if (existsSync(own) && spawnSync(own, ['-v']).status === 0) return own
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  throw new Stop(
    `There is no Node 24 in the packages for ${process.platform} on ${process.arch}, and your own is ` +
      `${process.version}. Please install Node 22.18 or newer (https://nodejs.org) and start again.`,
  )
}

/**
 * npm under the Node it belongs to, not the one inside node_modules, which it may be about to replace.
 * @returns {string[]}
 */
function npmCommand() {
  const { status } = spawnSync('npm', ['--version'], { env: environment(), cwd: root })
  if (status === 0) return ['npm']
  const itself = process.env['npm_execpath']
  if (itself && /\.c?js$/.test(itself)) return [process.execPath, itself]
  throw new Stop('npm was not found. It comes with Node: https://nodejs.org')
}

function environment() {
  const path = (process.env['PATH'] ?? '').split(':').filter((part) => !part.includes('node_modules'))
  const kept = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'))
  return { ...Object.fromEntries(kept), PATH: path.join(':'), NO_COLOR: '1' }
}

/**
 * @param {string[]} command
 * @param {string[]} args
 * @param {number} limit milliseconds
 * @returns {Promise<Ran>}
 */
function run([program = '', ...first], args, limit) {
  return new Promise((resolve) => {
    const [name = program, ...all] = [...diesWithUs(), program, ...first, ...args]
    const child = spawn(name, all, {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (/** @type {Buffer | string} */ data) => (output = (output + data).slice(-20_000))
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const late = setTimeout(() => {
      take(`\nIt took longer than ${limit / 60_000} minutes and was stopped.`)
      child.kill('SIGKILL')
    }, limit)
    child.on('error', (error) => resolve({ code: 1, output: output + error.message }))
    child.on('close', (code) => {
      clearTimeout(late)
      resolve({ code: code ?? 1, output })
    })
  })
}

/** A killed set-up must not leave an npm behind that still writes while the next one begins. */
function diesWithUs() {
  const guard = ['setpriv', '--pdeathsig=KILL']
  return spawnSync('setpriv', ['--pdeathsig=KILL', 'true']).status === 0 ? guard : []
}

function checkSpace() {
  const { bavail, bsize } = statfsSync(root)
  const free = Math.round((bavail * bsize) / 1e6)
  if (free < 1_200) throw new Stop(`There are ${free} MB free on this disk, and this needs about 1,200 MB.`)
}

/** @param {number} total */
function countParts(total) {
  const folder = join(root, 'node_modules')
  if (!existsSync(folder)) return `0 of ${total}`
  const names = readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => join(name, inner)) : [name],
  )
  const found = names.filter((name) => existsSync(join(folder, name, 'package.json')))
  return `${Math.min(found.length, total)} of ${total}`
}
