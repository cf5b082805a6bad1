import { createHmac, hkdfSync } from 'node:crypto'
import { readConfig, siteSecret } from '#platform/server/config.ts'

const keys = new Map<string, Buffer>()

/** Answers a key of this site for one purpose, made of its secret: none of them tells another. */
export function keyFor(purpose: 'log' | 'evidence' | 'names' | 'paper'): Buffer {
  const known = keys.get(purpose)
  if (known) return known
  const key = Buffer.from(hkdfSync('sha256', siteSecret(readConfig()), '', `consent ${purpose}`, 32))
  keys.set(purpose, key)
  return key
}

/** Answers a digest of words that only this site can make. */
export const sealOf = (purpose: 'log' | 'names' | 'paper', words: string): Buffer =>
  createHmac('sha256', keyFor(purpose)).update(words).digest()
