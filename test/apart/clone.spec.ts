import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lives } from '#platform/server/postgres/postmaster.ts'
import { childrenOf, until } from '../app.ts'
import { filled, formsIn } from '../forms.ts'
import { send } from '../site.ts'

const root = join(import.meta.dirname, '../..')
/** As a person has it: a home that nobody else may enter, and an account that is not root. */
const home = mkdtempSync('/tmp/abe-home-')
const clone = join(home, 'a-bit-extra')
const nobody = 65_534
const account = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
const startLimit = 240

let running: ChildProcess | undefined
let printed = ''

beforeAll(() => {
  fetchSource()
  linkParts(join(root, 'node_modules'), join(clone, 'node_modules'))
  if (account.uid !== undefined) {
    chownSync(home, nobody, nobody)
    // The files of the parts are the same as ours; they stay ours.
    execFileSync('find', [clone, '-type', 'd', '-exec', 'chown', `${nobody}:${nobody}`, '{}', '+'])
    execFileSync('find', [
      clone,
      '-path',
      join(clone, 'node_modules'),
      '-prune',
      '-o',
      '-exec',
      'chown',
      '-h',
      `${nobody}:${nobody}`,
      '{}',
      '+',
    ])
  }
})
afterAll(async () => {
  if (running) await stop(running)
  rmSync(home, { recursive: true, force: true })
})

/** As whoever begins has it: by git, or where there is none, as the site itself hands it out. */
function fetchSource() {
  if (existsSync(join(root, '.git'))) {
    execFileSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' })
    return
  }
  execFileSync('tar', ['-xzf', join(root, 'build/source.tar.gz'), '-C', home], { stdio: 'inherit' })
}

/** The parts as npm has brought them, without what was made of them since. */
function linkParts(from: string, to: string) {
  mkdirSync(to)
  const parts = readdirSync(from).filter((name) => name !== '$app' && !/^\.(?!bin$|package-lock)/.test(name))
  const copy = (how: string) =>
    execFileSync('cp', [how, '--target-directory', to, ...parts.map((name) => join(from, name))], {
      stdio: 'pipe',
    })
  try {
    copy('-al')
  } catch {
    // Temporary files may lie on another disk, to which there are no such links.
    copy('-a')
  }
}

/** Runs `npm start` until it says that it is ready, and answers what it has printed. */
async function start(): Promise<string> {
  const path = (process.env['PATH'] ?? '').split(':').filter((part) => !part.includes('node_modules'))
  const env = { PATH: path.join(':'), HOME: home }
  const child = spawn('npm', ['start'], { cwd: clone, env, ...account, stdio: ['ignore', 'pipe', 'pipe'] })
  running = child
  printed = ''
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()))
  child.stderr.on('data', (data: Buffer) => (printed += data.toString()))
  const settled = () => /sign in as an organiser/.test(printed) || child.exitCode !== null
  await until('npm start is ready', settled, startLimit).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${printed}`)
  })
  expect(child.exitCode, printed).toBe(null)
  return printed
}

async function stop(child: ChildProcess) {
  const all = [child.pid ?? 0, ...descendantsOf(child.pid ?? 0)]
  child.kill('SIGTERM')
  await until('everything that npm start has started is gone', () => !all.some(lives))
  running = undefined
}

const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

const addressIn = (words: string): string => /answers on (http:\S+)/.exec(words)?.[1] ?? ''

test(
  'npm start in a fresh clone leads whoever follows its link to the desk, and starts again with all of it',
  { timeout: 600_000 },
  async () => {
    const first = await start()
    expect(first).toMatch(/2 of 5: .*done.*3 of 5: .*done.*4 of 5: .*done.*5 of 5: .*done/s)
    expect(first).not.toMatch(/1 of 5/)
    const address = addressIn(first)
    expect(await (await fetch(address)).text()).toContain('This is an example.')

    const link = /sign in as an organiser.*?(http:\S+)/.exec(first)?.[1] ?? ''
    const page = await (await fetch(link, { headers: { accept: 'text/html' } })).text()
    const [form] = formsIn(link.slice(address.length), page)
    const answer = await send({ address }, form?.action ?? '', form ? filled(form) : {})
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/desk'])
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const desk = async (at: string) =>
      (await fetch(`${at}/desk`, { headers: { cookie, accept: 'text/html' } })).text()
    expect(await desk(address)).toContain('<h1>The desk</h1>')
    expect(existsSync(join(clone, 'data/secret'))).toBe(true)
    if (running) await stop(running)

    const second = await start()
    expect(second).not.toMatch(/[12] of 5/)
    expect(await desk(addressIn(second))).toContain('<h1>The desk</h1>')
  },
)
