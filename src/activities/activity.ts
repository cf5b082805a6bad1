import type { Day, Local } from '#kernel/times.ts'

export const states = [
  'unverified',
  'waiting',
  'asked-for-more',
  'published',
  'by-link',
  'declined',
  'cancelled',
  'withdrawn',
] as const
export type ActivityState = (typeof states)[number]

export const modes = ['in-person', 'online', 'hybrid', 'nowhere'] as const
export type Mode = (typeof modes)[number]

export const accessCodes = [
  'step-free',
  'accessible-toilet',
  'changing-places',
  'hearing-loop',
  'sign-language',
  'captions',
  'aac-makaton',
  'quiet-space',
  'low-light-noise',
  'relaxed',
  'bring-a-supporter',
  'parking',
] as const
export type AccessCode = (typeof accessCodes)[number]

export const welcomeCodes = [
  'everyone',
  'families',
  'staff',
  'new-to-it',
  'practitioners',
  'people-we-support',
] as const
export type WelcomeCode = (typeof welcomeCodes)[number]

/** When: some time in the week, a day (to another), or a time of some clock. */
export type Timing =
  | { timing: 'week' }
  | { timing: 'day'; day: Day; endDay: Day | null }
  | { timing: 'time'; start: Local; end: Local | null; zone: string }

export const rhythms = ['week', 'fortnight', 'month'] as const
export type Series = { every: (typeof rhythms)[number]; until: Day } | { dates: Day[] }

/** The states in which anybody with the address may read it. */
export const readableByLink: readonly ActivityState[] = [
  'waiting',
  'asked-for-more',
  'published',
  'by-link',
  'cancelled',
]
