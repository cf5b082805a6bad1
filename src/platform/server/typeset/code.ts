import { encode } from 'uqr'

/** A QR code for paper, with its quiet zone of empty modules around it: as grey pixels, row by row, because drawn as paths it takes longer to set than a letter. */
export type Code = { width: number; quiet: number; pixels: number[] }

/** The empty modules that a reader needs on each side. */
const quiet = 4

/** Which of the eight masks suits addresses of so many characters: readers take any, and to try all for each letter takes eight times as long as the code. */
const masks = new Map<number, number>()

/** Answers the QR code of an address, as a template takes it; a quarter of it may be lost. */
export function codeOf(address: string): Code {
  const { data, maskPattern } = encode(address, {
    ecc: 'Q',
    border: 0,
    maskPattern: masks.get(address.length) ?? -1,
  })
  masks.set(address.length, maskPattern)
  const width = data.length + 2 * quiet
  const pixels = new Uint8Array(width * width).fill(255)
  for (const [row, line] of data.entries())
    for (const [column, dark] of line.entries()) if (dark) pixels[(row + quiet) * width + column + quiet] = 0
  return { width, quiet, pixels: [...pixels] }
}
