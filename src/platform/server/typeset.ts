import { availableParallelism } from 'node:os'
import { Refusal } from '#kernel/refusal.ts'
import { startSetter, type Asked, type Setter } from '#platform/server/typeset/setter.ts'
import type { Printed, Setting } from '#platform/server/typeset/setting.ts'

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

/** Opens what sets letters, posters and cards from our own templates with Typst, held to PDF/UA-1. Its processes start with the first setting, are bounded in time and number, and end when there is nothing to do. Characters that no typeface of ours has are answered, not left out; a template that does not hold throws. */
export function openTypesetter(limits: TypesetterLimits = usual): Typesetter {
  const setters = new Set<Setter>()
  const waiting: Asked[] = []
  const start = (): Setter => {
    const setter = startSetter(limits, {
      free: handOut,
      ended: (unset) => {
        setters.delete(setter)
        waiting.unshift(...unset)
        handOut()
      },
    })
    setters.add(setter)
    return setter
  }
  /** A process without work comes first, then a new one, then one that has the next at hand while it sets. */
  const withRoom = (): Setter | null => {
    const all = [...setters]
    const idle = all.find((one) => one.room() > 1)
    if (idle) return idle
    if (all.length < limits.atOnce) return start()
    return all.find((one) => one.room() > 0) ?? null
  }
  function handOut(): void {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const setter = withRoom()
      if (!setter) return
      waiting.shift()
      setter.take(next)
    }
  }
  return {
    set: ({ template, data, as }) =>
      new Promise((done, failed) => {
        if (waiting.length >= mostWaiting) throw new Refusal('too-often', 'typeset.busy')
        waiting.push({ order: { template, as, data: JSON.stringify(data) }, done, failed })
        handOut()
      }),
    stop: () => setters.forEach((one) => one.end()),
  }
}
