import { encode } from 'uqr'

/** A QR code for paper, with the four empty modules around it that a reader needs: as grey pixels, row by row, because drawn as paths it takes longer to set than a letter. */
export type Code = { width: number; pixels: number[] }

/** Answers the QR code of an address, as a template takes it; a quarter of it may be lost. */
export function codeOf(address: string): Code {
  const { size: width, data } = encode(address, { ecc: 'Q', border: 4 })
  return { width, pixels: data.flat().map((dark) => (dark ? 0 : 255)) }
}
