import { fork, type ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { Refusal } from '#kernel/refusal.ts'
import { projectFile } from '#platform/server/project-files.ts'
import type { Answer, Printed, Setting } from '#platform/server/typeset/setting.ts'

export type TypesetterLimits = {
  /** How many set at the same time, each in a process of its own. */
  atOnce: number
  /** Seconds that one setting may take. */
  seconds: number
  /** Seconds without work after which a process ends. */
  rest: number
}

/** So many may wait for their turn; more are told to come back. */
const mostWaiting = 60

const usual: TypesetterLimits = { atOnce: availableParallelism(), seconds: 60, rest: 20 }

export type Typesetter = { set: (setting: Setting) => Promise<Printed>; stop: () => void }

function startChild(): Promise<ChildProcess> {
  const path = projectFile('src/platform/server/typeset/child.ts')
  const child = fork(path, [], {
    // It may read the program and start nothing; it is given no secret.
    execArgv: [
      '--permission',
      '--allow-addons',
      `--allow-fs-read=${dirname(projectFile('package.json'))}/*`,
      '--disable-warning=SecurityWarning',
    ],
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  return new Promise((done, failed) => {
    child.once('message', () => done(child))
    child.once('exit', (code) => failed(new Error(`what sets letters did not start (${code})`)))
    child.once('error', failed)
  })
}

async function setOne(child: ChildProcess, setting: Setting, seconds: number): Promise<Printed> {
  const answer = await new Promise<Answer>((done) => {
    const late = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    const ended = (_: number | null, signal: string | null): void => {
      clearTimeout(late)
      done({ failed: `ended by ${signal}` })
    }
    child.once('exit', ended)
    child.once('message', (said) => {
      clearTimeout(late)
      child.off('exit', ended)
      done(said as Answer)
    })
    child.send(setting)
  })
  if ('failed' in answer) throw new Error(`${setting.template} was not set: ${answer.failed}`)
  return answer
}

/** Opens what sets letters, posters and cards from our own templates with Typst, held to PDF/UA-1. Its processes start with the first setting, are bounded in time and number, and end when there is nothing to do. Characters that no typeface of ours has are answered, not left out; a template that does not hold throws. */
export function openTypesetter(limits: TypesetterLimits = usual): Typesetter {
  const free: ChildProcess[] = []
  const all = new Set<ChildProcess>()
  const waiting: ((child: ChildProcess | null) => void)[] = []
  let working = 0
  const end = (child: ChildProcess): void => {
    all.delete(child)
    if (child.connected) child.disconnect()
  }
  /** Waits for a turn; answers the process of whoever had it before. */
  const turn = async (): Promise<ChildProcess | null> => {
    if (waiting.length >= mostWaiting) throw new Refusal('too-often', 'typeset.busy')
    if (working >= limits.atOnce) return new Promise((given) => waiting.push(given))
    working += 1
    return free.pop() ?? null
  }
  const started = async (): Promise<ChildProcess> => {
    const child = await startChild()
    all.add(child)
    return child
  }
  const giveBack = (child: ChildProcess | null): void => {
    const next = waiting.shift()
    if (next) return next(child)
    working -= 1
    if (!child?.connected) return
    free.push(child)
    child.unref()
    child.channel?.unref()
    setTimeout(() => {
      const at = free.indexOf(child)
      if (at < 0) return
      free.splice(at, 1)
      end(child)
    }, limits.rest * 1000).unref()
  }
  return {
    set: async (setting) => {
      let child = await turn()
      try {
        if (!child?.connected) child = await started()
        child.ref()
        child.channel?.ref()
        return await setOne(child, setting, limits.seconds)
      } finally {
        giveBack(child)
      }
    },
    stop: () => all.forEach(end),
  }
}
