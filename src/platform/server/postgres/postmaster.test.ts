import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPidFile } from './postmaster.ts'

test('the file of a PostgreSQL that starts may come and go while it is read', async () => {
  const cluster = mkdtempSync(join(tmpdir(), 'abe-pid-'))
  const comesAndGoes = `
    const { rmSync, writeFileSync } = require('node:fs')
    process.send('on')
    for (;;) { writeFileSync('postmaster.pid', '7\\n\\n\\n\\n/here\\n'); rmSync('postmaster.pid') }`
  const other = spawn(process.execPath, ['-e', comesAndGoes], {
    cwd: cluster,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => {
    other.kill('SIGKILL')
    rmSync(cluster, { recursive: true, force: true })
  })
  await once(other, 'message')
  const seen = new Set<string>()
  for (let look = 0; look < 200_000 && (look < 20_000 || seen.size < 2); look += 1) {
    const file = readPidFile(cluster)
    seen.add(file === undefined ? 'gone' : String(file.pid))
  }
  expect([...seen].toSorted()).toEqual(['7', 'gone'])
})
