/** To whom something may be shown, narrow to wide: those supporting the person · family · this organisation · a named showing · signed-in, vetted practitioners · the week's public pages · beyond our control. */
export const circles = [0, 1, 2, 3, 4, 5, 6] as const
export type Circle = (typeof circles)[number]
export const circleNames = [
  'supporting',
  'family',
  'organisation',
  'showing',
  'practitioners',
  'public',
  'beyond',
] as const

export const purposes = ['celebrate', 'teach', 'promote', 'research'] as const
export type Purpose = (typeof purposes)[number]

/** Each off unless it was allowed. */
export const modifiers = [
  'alias',
  'voice',
  'place',
  'download',
  'embed',
  'syndicate',
  'next-year',
  'machine-learning',
] as const
export type Modifier = (typeof modifiers)[number]

/** How somebody is in something. */
export const modes = ['face', 'voice', 'body', 'name', 'place'] as const
export type Mode = (typeof modes)[number]

/** By which way a decision is made; how each works stands in docs/permission.md. */
export const routes = [
  'own',
  'attorney',
  'best-interests',
  'parents',
  'young-person',
  'other-adult',
  'nobody',
] as const
export type Route = (typeof routes)[number]

export const ageBands = ['under-13', '13-15', '16-17', 'adult'] as const
export type AgeBand = (typeof ageBands)[number]

export const nations = ['england', 'wales', 'scotland', 'northern-ireland', 'ireland'] as const
export type Nation = (typeof nations)[number]
