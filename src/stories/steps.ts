import type { Light } from '#consent/standing.ts'
import type { NumberedPicture } from '#stories/picture.ts'
import type { StoryState } from '#stories/story.ts'

/** A photograph as whoever tells the story sees it. */
export type ToldPicture = NumberedPicture & {
  /** Whether it has been made, and can be looked at and named by its number. */
  ready: boolean
  /** Whether words say what it shows. */
  described: boolean
  /** Whether somebody has said who is in it. */
  said: boolean
  /** Whether its teller has asked for it to be shown. */
  asked: boolean
  /** Whether everybody may see it at this moment. */
  shown: boolean
}

export const stepNames = ['pictures', 'words', 'who', 'ask', 'show', 'send', 'read'] as const
export type StepName = (typeof stepNames)[number]
/** Those that whoever tells the story does. */
export type OwnStep = Exclude<StepName, 'pictures' | 'read'>
/** One step of a story: done; the one to do now; one that waits for others; one that comes later. */
export type Step = { count: number } & (
  | { name: StepName; how: 'done' | 'waits' | 'later' }
  | { name: OwnStep; how: 'now' }
)

type Standing = {
  state: StoryState
  pictures: readonly ToldPicture[]
  /** Everybody who can be recognised, and how far the asking is. */
  people: readonly { light: Light }[]
}

const sent: readonly StoryState[] = ['waiting', 'published', 'hidden']

/** Answers the steps of a story in their order, at most one of them to be done now. A story without photographs has the last two only. */
export function stepsOf({ state, pictures, people }: Standing): Step[] {
  const some = pictures.length > 0
  const unfinished = (holds: (picture: ToldPicture) => boolean): number =>
    pictures.filter((picture) => !holds(picture)).length
  const unasked = people.filter(({ light }) => light === 'amber').length
  const open: { name: StepName; count: number; done: boolean; applies: boolean }[] = [
    { name: 'pictures', count: pictures.length, done: some, applies: some },
    { name: 'words', count: unfinished((one) => one.described), done: false, applies: some },
    { name: 'who', count: unfinished((one) => one.said), done: false, applies: some },
    { name: 'ask', count: unasked, done: false, applies: people.length > 0 },
    { name: 'show', count: unfinished((one) => one.asked), done: false, applies: some },
    { name: 'send', count: 0, done: sent.includes(state), applies: true },
    { name: 'read', count: 0, done: state === 'published', applies: true },
  ]
  let found = false
  return open
    .filter(({ applies }) => applies)
    .map(({ name, count, done }): Step => {
      const none = count === 0 && !['pictures', 'send', 'read'].includes(name)
      if (done || none) return { name, how: 'done', count }
      if (name === 'read') return { name, how: sent.includes(state) ? 'waits' : 'later', count }
      if (found || name === 'pictures') return { name, how: 'later', count }
      found = true
      return { name, how: 'now', count }
    })
}
