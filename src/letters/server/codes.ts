import { keyedHash } from '#platform/server/tokens.ts'

/** What only this site can make of a code and a number, in letters that survive any mail server. */
const proofOf = (code: string, sending: number): string =>
  Buffer.from(keyedHash(`letter-box:${code}:${sending}`), 'base64url')
    .toString('hex')
    .slice(0, 12)

/** Answers what the address in a mail from here has besides the code. The writer knows the code as well, and whoever was handed the paper: this only who got the mail. */
export const sealOf = (code: string): string =>
  Buffer.from(keyedHash(`letter-seal:${code}`), 'base64url')
    .toString('hex')
    .slice(0, 12)

/** Answers what stands before the @ of the address that one sending of a delivery (the first is 1) comes from: what cannot be delivered goes back there, and names it. */
export const boxOf = (code: string, sending: number): string =>
  `reply+${code.toLowerCase()}-${sending}-${proofOf(code, sending)}`

/** One sending of a delivery, as its address names it. */
export type Sending = { code: string; sending: number }

/** Answers the sending that words of a mail's head name by its address; null when there is none, or somebody made it up. */
export function sendingInBox(words: string): Sending | null {
  for (const [, code = '', number, proof = ''] of words.matchAll(
    /reply\+([a-z0-9]{4}-[a-z0-9]{4})-(\d{1,5})-([0-9a-f]{12})@/gi,
  )) {
    const known = { code: code.toUpperCase(), sending: Number(number) }
    if (proofOf(known.code, known.sending) === proof.toLowerCase()) return known
  }
  return null
}
