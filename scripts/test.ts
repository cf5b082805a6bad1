import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWithin, type Turn } from './test/run.ts'
import { readVitest, type Tally } from './test/tally.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)
/** What everything may take together on two cores. Ten on a machine of one's own; where other work shares the cores, as where changes are brought together, more. */
const minutes = process.env['CI'] ? 30 : 10

const checks = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['svelte-check', '--tsgo', '--fail-on-warnings', '--output', 'human'] },
]

// Of several threads each would read all types for itself: a fifth more of both cores, and no sooner.
process.env['GOMAXPROCS'] = '1'

const began = Date.now()
const left = () => began + minutes * 60_000 - Date.now()
const total = { passed: 0, failed: 0 }
// The journeys wait for pages and processes more than they use a core; what is next to them takes what they leave.
await Promise.all([journeys(), everythingElse()])
if (total.passed === 0) total.failed += 1
if (left() <= 0) {
  total.failed += 1
  console.log(`FAIL the tests took longer than ${minutes} minutes; what still ran then was stopped`)
}
console.log(`The tests took ${seconds(began)}.`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)

async function journeys() {
  add(await runVitest(['e2e', 'own'], 'first'))
}

async function everythingElse() {
  // The check of types would go on with components that are no longer there.
  rmSync(join(root, '.svelte-kit/.svelte-check'), { recursive: true, force: true })
  for (const check of checks) add(await runCheck(check))
  add(await runVitest(['quick', 'alone', 'apart'], 'after'))
}

function add({ passed, failed }: Tally) {
  total.passed += passed
  total.failed += failed
}

async function runCheck({ name, command }: { name: string; command: string[] }): Promise<Tally> {
  const since = Date.now()
  const { code, output } = await run(command, { show: false, turn: 'after' })
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}, ${seconds(since)}`)
  if (code !== 0) console.log(output)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function runVitest(projects: string[], turn: Turn): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'abe-result-'))
  const file = join(folder, 'result.json')
  const chosen = projects.flatMap((name) => ['--project', name])
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const command = ['vitest', 'run', '--allowOnly=false', ...chosen, ...reporters]
  const { code } = await run(command, { show: true, turn })
  const tally = readVitest(file, code)
  for (const complaint of tally.complaints) console.log(`FAIL ${complaint}`)
  rmSync(folder, { recursive: true })
  return tally
}

function run([name = '', ...args]: string[], how: { show: boolean; turn: Turn }) {
  return runWithin([bin(name), ...args], { cwd: root, limit: left(), ...how })
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
