import type { ActivityState } from '#activities/activity.ts'

/** Who may bring an activity from one state to another: its host, whoever reviews, or the site itself. */
export type Mover = 'host' | 'reviewer'

/** Every change of state that there is. What is not here is refused. */
const ways: Record<ActivityState, Partial<Record<ActivityState, readonly Mover[]>>> = {
  unverified: { waiting: ['host'], published: ['host'], withdrawn: ['host', 'reviewer'] },
  waiting: {
    published: ['reviewer', 'host'],
    'asked-for-more': ['reviewer'],
    declined: ['reviewer'],
    'by-link': ['reviewer'],
    withdrawn: ['host', 'reviewer'],
    cancelled: ['host'],
  },
  'asked-for-more': {
    waiting: ['host'],
    published: ['reviewer'],
    declined: ['reviewer'],
    'by-link': ['reviewer'],
    withdrawn: ['host', 'reviewer'],
    cancelled: ['host'],
  },
  published: {
    'asked-for-more': ['reviewer'],
    declined: ['reviewer'],
    'by-link': ['reviewer'],
    cancelled: ['host', 'reviewer'],
    withdrawn: ['host', 'reviewer'],
  },
  'by-link': {
    published: ['reviewer'],
    'asked-for-more': ['reviewer'],
    declined: ['reviewer'],
    cancelled: ['host', 'reviewer'],
    withdrawn: ['host', 'reviewer'],
  },
  declined: {
    waiting: ['host'],
    published: ['reviewer'],
    'asked-for-more': ['reviewer'],
    withdrawn: ['host', 'reviewer'],
  },
  cancelled: { waiting: ['host'], published: ['host', 'reviewer'], withdrawn: ['host', 'reviewer'] },
  // What was taken down goes back to where it was.
  withdrawn: {
    unverified: ['reviewer'],
    waiting: ['host', 'reviewer'],
    'asked-for-more': ['reviewer'],
    published: ['reviewer'],
    'by-link': ['reviewer'],
    declined: ['reviewer'],
    cancelled: ['reviewer'],
  },
}

/** Answers whether somebody in that part may bring an activity from one state to another. */
export const mayMove = (from: ActivityState, to: ActivityState, mover: Mover): boolean =>
  ways[from][to]?.includes(mover) ?? false

/** Answers the states somebody in that part may bring an activity to. */
export const nextStates = (from: ActivityState, mover: Mover): ActivityState[] =>
  (Object.keys(ways[from]) as ActivityState[]).filter((to) => mayMove(from, to, mover))

/** The decisions that need a reason a person can read. */
export const needsReason = (to: ActivityState): boolean =>
  to === 'declined' || to === 'asked-for-more' || to === 'by-link'
