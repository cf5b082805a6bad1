/** How many of the 64 bits of two pictures may differ for them to be taken for one: what saving a picture smaller or worse changes. */
export const nearBits = 6

/** How long a withdrawn picture is recognised, days; the privacy notice says so. */
export const rememberedDays = 365

/** Answers in how many bits two likenesses ("0" and "1", as long as each other) differ. */
export const bitsApart = (one: string, other: string): number =>
  Array.from(one).filter((bit, at) => bit !== other[at]).length

/** Answers whether two pictures look so alike that one is taken for the other. */
export const looksAlike = (one: string, other: string): boolean =>
  one.length === other.length && bitsApart(one, other) <= nearBits
