import { describe, expect, test } from 'vitest'
import { lives } from '#platform/server/postgres/postmaster.ts'
import { runWithin } from './run.ts'

const node = (program: string, limit = 60_000) =>
  runWithin([process.execPath, '-e', program], { cwd: '/tmp', limit, show: false })

describe('a program that is run within a limit', () => {
  test('says how it ended and what it said', async () => {
    const ran = await node('console.log("done"); console.error("but badly"); process.exit(3)')
    expect(ran).toMatchObject({ code: 3, late: false })
    expect(ran.output).toContain('done')
    expect(ran.output).toContain('but badly')
  })

  test('that is not there has failed', async () => {
    const ran = await runWithin(['/not/there'], { cwd: '/tmp', limit: 60_000, show: false })
    expect(ran).toMatchObject({ code: 1, late: false })
    expect(ran.output).toContain('/not/there')
  })

  test('is stopped at the limit, with everything it has started, and says so', async () => {
    const ran = await node(
      `const { spawn } = require('node:child_process')
       const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'inherit' })
       console.log(child.pid)
       setInterval(() => 0, 1000)`,
      3000,
    )
    expect(ran.late).toBe(true)
    expect(ran.code).not.toBe(0)
    const [started] = /\d+/.exec(ran.output) ?? []
    expect(started).toBeDefined()
    expect(lives(Number(started))).toBe(false)
  })
})
