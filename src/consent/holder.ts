/** By what right somebody holds parental responsibility, and whether it stands on a paper (a court’s order, a will) that somebody else has to see. */
const byPaper = { parent: false, guardian: true, council: true } as const

export type HolderSort = keyof typeof byPaper
export const holderSorts = ['parent', 'guardian', 'council'] as const satisfies readonly HolderSort[]

/** Whether what somebody answers counts only once their paper was seen by somebody who neither posted nor decided. */
export const holdsByPaper = (as: HolderSort): boolean => byPaper[as]

/** Whether what a holder is called ends like somebody's name: two words that begin with a capital after what they are, as in "Mother Jane Smith". A council has no name to hide. */
export const looksNamed = (label: string): boolean =>
  /\S\s+\p{Lu}[\p{L}'’-]*\s+\p{Lu}[\p{L}'’-]*$/u.test(label.trim()) && !/council$/i.test(label.trim())
