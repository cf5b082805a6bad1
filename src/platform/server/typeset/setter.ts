import { fork, type ChildProcess } from 'node:child_process'
import { dirname } from 'node:path'
import { projectFile } from '#platform/server/project-files.ts'
import type { Answer, Order, Printed } from '#platform/server/typeset/setting.ts'

/** One setting, and whom to tell what came of it. */
export type Asked = { order: Order; done: (printed: Printed) => void; failed: (error: Error) => void }

export type Setter = {
  /** How many more it takes: one to set, and one to have at hand meanwhile. */
  room: () => number
  take: (asked: Asked) => void
  end: () => void
}

type Limits = { seconds: number; rest: number }
type Tell = { free: () => void; ended: (unset: Asked[]) => void }

/** Whatever says more than this (characters of data) is set for long, and nothing waits behind it while another process may be free. */
const short = 50_000

function startChild(): ChildProcess {
  return fork(projectFile('src/platform/server/typeset/child.ts'), [], {
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
}

const say = (asked: Asked, answer: Answer): void => {
  if ('failed' in answer) asked.failed(new Error(`${asked.order.template} was not set: ${answer.failed}`))
  else asked.done(answer)
}

/** Starts a process that sets one after the other, and has the next at hand meanwhile: it would rest until the answer was read. It ends when one takes too long (that one fails, another at hand is given back unset) or when it has had nothing to do for a while. */
export function startSetter({ seconds, rest }: Limits, { free, ended }: Tell): Setter {
  const child = startChild()
  const hand: Asked[] = []
  let ready = false
  let timer: NodeJS.Timeout | undefined
  let gone = false
  const send = ({ order }: Asked): void => void child.send(order, () => undefined)
  // One that sets does not hear that it may go.
  const end = (): void => {
    if (hand.length > 0) child.kill('SIGKILL')
    else if (child.connected) child.disconnect()
  }
  /** What is set now has its time from now; without work the process rests. */
  const watch = (): void => {
    clearTimeout(timer)
    const works = hand.length > 0
    timer = setTimeout(end, (works ? seconds : rest) * 1000)
    if (!works) timer.unref()
    for (const one of [child, child.channel]) one?.[works ? 'ref' : 'unref']()
  }
  const over = (why: string): void => {
    if (gone) return
    gone = true
    clearTimeout(timer)
    const [first, ...unset] = hand.splice(0)
    if (first) say(first, { failed: why })
    ended(unset)
  }
  child.on('message', (said) => {
    if (!ready) {
      ready = true
      hand.forEach(send)
      return watch()
    }
    const one = hand.shift()
    watch()
    free()
    if (one) say(one, said as Answer)
  })
  child.once('exit', (code, signal) => over(`ended by ${signal ?? code}`))
  child.once('error', (error) => over(error.message))
  return {
    room: () => {
      const [first, ...more] = hand
      if (gone || (ready && !child.connected)) return 0
      if (!first) return 2
      return more.length === 0 && first.order.data.length <= short ? 1 : 0
    },
    take: (asked) => {
      hand.push(asked)
      if (!ready) return
      send(asked)
      if (hand.length === 1) watch()
    },
    end,
  }
}
