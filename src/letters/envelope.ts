export const envelopes = ['dl', 'c56', 'din-a', 'din-b', 'us10'] as const
export type Envelope = (typeof envelopes)[number]

/** Where a window shows the sheet, in millimetres from its top left corner; where it is folded; and how far the lines of the address stand apart. */
export type Geometry = {
  paper: 'a4' | 'us-letter'
  left: number
  top: number
  right: number
  bottom: number
  line: number
  folds: readonly [number, number]
}

/** The lines of an address that every window shows; a longer one gets a sheet of its own. */
export const mostLines = 4

/**
 * What is seen through each window however the sheet slides in it.
 * DIN 5008: the recipient's lines of form A and B. DL and C5/6 (window 35 × 90 mm, 20 mm from the left, 18 mm from the
 * bottom) and US #10 (1⅛ × 4½ in, ⅞ in from the left, ½ in from the bottom): trade convention, computed for a sheet
 * folded in three. Print one, fold it, look.
 */
export const geometries: Record<Envelope, Geometry> = {
  dl: { paper: 'a4', left: 20, top: 57, right: 100, bottom: 81, line: 4.4, folds: [99, 198] },
  c56: { paper: 'a4', left: 20, top: 57, right: 100, bottom: 81, line: 4.4, folds: [99, 198] },
  'din-a': { paper: 'a4', left: 20, top: 44.7, right: 105, bottom: 72, line: 4.4, folds: [87, 192] },
  'din-b': { paper: 'a4', left: 20, top: 62.7, right: 105, bottom: 90, line: 4.4, folds: [105, 210] },
  us10: {
    paper: 'us-letter',
    left: 22.4,
    top: 63.5,
    right: 111.2,
    bottom: 80.5,
    line: 4.05,
    folds: [93.1, 186.3],
  },
}

/** Where the first line of the address stands, in millimetres: inside the window of its envelope, and of its neighbours where one block serves both. */
export const addressAt: Record<Envelope, { left: number; top: number; width: number }> = {
  dl: { left: 25, top: 64, width: 75 },
  c56: { left: 25, top: 64, width: 75 },
  'din-a': { left: 25, top: 46, width: 75 },
  'din-b': { left: 25, top: 64, width: 75 },
  us10: { left: 25, top: 64.7, width: 75 },
}

/** An envelope from its front, in millimetres; its window counted from the left and from the bottom. */
export type Front = {
  width: number
  height: number
  window: { left: number; bottom: number; width: number; height: number }
}
const din: Front = { width: 220, height: 110, window: { left: 20, bottom: 15, width: 90, height: 45 } }
export const fronts: Record<Envelope, Front> = {
  dl: { width: 220, height: 110, window: { left: 20, bottom: 18, width: 90, height: 35 } },
  c56: { width: 229, height: 114, window: { left: 20, bottom: 18, width: 90, height: 35 } },
  'din-a': din,
  'din-b': din,
  us10: { width: 241, height: 105, window: { left: 22, bottom: 13, width: 114, height: 29 } },
}
