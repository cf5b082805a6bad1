import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'
import { readConfig, siteSecret } from '#platform/server/config.ts'

/** A secret word for a mailed link (32 letters, 192 bits) and its hash, which is all that is kept. */
export function newToken(): { token: string; hash: Buffer } {
  const token = randomBytes(24).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** Answers the hash under which a mailed word is kept. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

let secret: string | undefined

/** Answers a keyed hash: the same words give the same answer on this site and no other. */
export function keyedHash(words: string): string {
  secret ??= siteSecret(readConfig())
  return createHmac('sha256', secret).update(words).digest('base64url').slice(0, 22)
}

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Answers a short random ending for an address, without letters that are taken for each other. */
export const shortCode = (length = 4): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
