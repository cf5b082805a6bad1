import * as fc from 'fast-check'
import type { Event, Facts } from '#consent/events.ts'
import { renditionFor, type Pass } from '#consent/server/reads/rendition.ts'
import { noteDeath } from '#consent/server/writes/people.ts'
import { anybody } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hands, people, some } from './choices.ts'
import { lastOf } from './change.ts'
import { history } from './history.ts'
import { placementIds, placements, type Step } from './parts.ts'
import { tellAndAgree, type stageFor } from './stage.ts'
import { refused } from '../refused.ts'

type Answer = Extract<Facts, { kind: 'steward-said' }>['answer']
export const died = (person: string): Facts => ({ kind: 'died', person })
export const named = (person: string): Facts => ({ kind: 'steward', steward: `${person}:w`, person })
export const answered = (person: string, answer: Answer): Facts => ({
  kind: 'steward-said',
  steward: `${person}:w`,
  person,
  answer,
})
const looked: readonly Facts[] = placementIds.map((part) => ({
  kind: 'restored',
  surface: placements[part].surface,
  stops: [],
  placements: [part],
}))
/** Puts steps behind a log, an hour apart. */
export function followedBy(events: readonly Event[], steps: readonly Step[]): Event[] {
  const [n, at] = [events.at(-1)?.n ?? 0, lastOf(events)]
  return [
    ...events,
    ...steps.map(({ facts, by }, step) => ({
      n: n + 10 * (step + 1),
      at: at + (step + 1) * 3_600_000,
      by,
      ...facts,
    })),
  ]
}
/** A history in which somebody has died, the family said that it may be shown again, and somebody looked. */
export const mourned = fc
  .record({ events: history, who: some(people), family: some(hands), looker: some(hands) })
  .map(({ events, who, family, looker }) => ({
    who,
    after: followedBy(events, [
      { facts: died(who), by: 'third' },
      { facts: named(who), by: 'third' },
      { facts: answered(who, 'as-allowed'), by: family },
      ...looked.map((facts) => ({ facts, by: looker })),
    ]),
  }))

type Told = Awaited<ReturnType<typeof tellAndAgree>>

/** Answers the kind and the key of what a press is refused with. */
export const no = async (press: Promise<unknown>): Promise<string> => {
  const { kind, key } = await refused(press)
  return `${kind} ${key}`
}

/** What tests of somebody who has died do with a database and its stage: look whether they are seen, and tell of somebody whom everybody could see, and whose death was written down a minute later. */
export function mourning(db: Db, stage: Awaited<ReturnType<typeof stageFor>>, now: Date) {
  const seen = async (
    { version, surface }: Pick<Told, 'version' | 'surface'>,
    at: Date,
    as?: Pass['as'],
  ): Promise<boolean> => {
    const pass = as === undefined ? {} : { pass: { as, surface } }
    return (await renditionFor(db, anybody, { version, width: 640, format: 'jpg', ...pass }, at)) !== null
  }
  const mourned = async (): Promise<Told> => {
    const told = await tellAndAgree(stage, now)
    if (!(await seen(told, now))) throw new Error('Nobody could see them before')
    await noteDeath(db, stage.lead, { person: told.person }, new Date(now.getTime() + 60_000))
    return told
  }
  return { seen, mourned }
}
