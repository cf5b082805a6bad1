/** Bounded staleness, seconds: how long a page, a link or a token of ours may lag behind a decision (consent rule 11). */
export const staleSeconds = 60
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
