import { keyedHash } from '#platform/server/tokens.ts'

/** What only this site can make of a code, in letters that survive any mail server. */
const proofOf = (code: string): string =>
  Buffer.from(keyedHash(`letter-box:${code}`), 'base64url')
    .toString('hex')
    .slice(0, 12)

/** Answers what the address in a mail from here has besides the code. The writer knows the code as well, and whoever was handed the paper: this only who got the mail. */
export const sealOf = (code: string): string =>
  Buffer.from(keyedHash(`letter-seal:${code}`), 'base64url')
    .toString('hex')
    .slice(0, 12)

/** Answers what stands before the @ of the address that one delivery comes from: what cannot be delivered goes back there, and names it. */
export const boxOf = (code: string): string => `reply+${code.toLowerCase()}-${proofOf(code)}`

/** Answers the code of a delivery that words of a mail's head name by its address; null when there is none, or somebody made it up. */
export function codeInBox(words: string): string | null {
  for (const [, code = '', proof = ''] of words.matchAll(
    /reply\+([a-z0-9]{4}-[a-z0-9]{4})-([0-9a-f]{12})@/gi,
  )) {
    const known = code.toUpperCase()
    if (proofOf(known) === proof.toLowerCase()) return known
  }
  return null
}
