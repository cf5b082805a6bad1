/** Why something may not be seen: each is a sentence in the catalogue, `consent.why.<code>`. */
export const whys = [
  // Of a placement
  'draft',
  'purged',
  'whole',
  'hold',
  'taken-down',
  'second-person',
  'asked-before',
  'who-is-in-it',
  'words',
  'not-over',
  'later',
  'policy',
  'nobody-circle',
  'somebody-objected',
  // Of a person in it
  'not-asked',
  'no-answer',
  'one-no',
  'not-sure',
  'asked-again',
  'moved',
  'declined',
  'withdrawn',
  'expired',
  'objection',
  'lawful-basis',
  'do-not-show',
  'not-locatable',
  'died',
  'forgotten',
  'wider',
  'not-seen',
  'term',
  'age-month',
  'asked-at-age',
  'route-policy',
  'name-and-face',
  'route-age',
  'capacity-lost',
  'capacity-record',
  'capacity-narrow',
  'authority',
  'authority-narrow',
  'sighted',
  'best-interests-record',
  'decider',
  'consulted',
  'independent',
  'disagreed',
  'assent',
  'yes-unseen',
  // Of what whoever posts it is told alone
  'assent-unchecked',
  'holders',
  'holders-all',
  'competent',
  'competence',
  'parent-too',
] as const
export type Why = (typeof whys)[number]

/** What nobody can mend: another picture, or a story without a face. */
export const finalWhys: readonly Why[] = [
  'purged',
  'somebody-objected',
  'objection',
  'one-no',
  'declined',
  'withdrawn',
  'do-not-show',
  'not-locatable',
  'died',
  'forgotten',
  'policy',
  'route-policy',
  'nobody-circle',
]

/** What no record and no further yes makes good in one permission: only another permission does. */
export const overWhys: readonly Why[] = [
  'withdrawn',
  'declined',
  'expired',
  'objection',
  'asked-at-age',
  'route-age',
  'capacity-lost',
  'competent',
]

/** What somebody who keeps records has to write down. */
export const recordWhys: readonly Why[] = [
  'capacity-record',
  'capacity-narrow',
  'authority',
  'authority-narrow',
  'best-interests-record',
  'competence',
  'holders-all',
]

/** What is somebody's no. */
export const noWhys: readonly Why[] = ['declined', 'withdrawn', 'one-no', 'objection', 'somebody-objected']

/** Whether a sentence says somebody's no, and not that something else is in the way. */
export const isNo = ({ key }: { key: string }): boolean => noWhys.some((why) => key === `consent.why.${why}`)
