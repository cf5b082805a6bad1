import { timingSafeEqual } from 'node:crypto'
import { day } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import { restDays } from '#media/picture.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Leave to send pictures for one surface. */
export type Pass = { surface: string; account: string | null; organisation: string | null }

const sealOf = (body: string): string => keyedHash(`upload-pass ${body}`)

/** Answers a sealed word that lets whoever holds it send pictures for a surface, for five days. The page that hands it out has proven that they may. */
export function uploadPass(
  surface: string,
  account: string | null,
  organisation: string | null,
  now: Date,
): string {
  const ends = Math.floor((now.getTime() + restDays * day) / 1000)
  const body = [surface, account ?? '', organisation ?? '', ends.toString(36)].join('.')
  return `${body}.${sealOf(body)}`
}

/** Answers what a pass is for, or null when it was made up, changed or has ended. */
export function readPass(word: string, now: Date): Pass | null {
  const at = word.lastIndexOf('.')
  const [body, seal] = [word.slice(0, at), Buffer.from(word.slice(at + 1))]
  const wanted = Buffer.from(sealOf(body))
  if (at < 0 || seal.length !== wanted.length || !timingSafeEqual(seal, wanted)) return null
  const [surface = '', account = '', organisation = '', ends = ''] = body.split('.')
  if (Number.parseInt(ends, 36) * 1000 <= now.getTime()) return null
  return { surface, account: account || null, organisation: organisation || null }
}

/** Answers what a pass is for; refuses one that does not work (any more). */
export function mayUpload(word: string, now: Date): Pass {
  const pass = readPass(word, now)
  if (!pass) throw new Refusal('forbidden', 'media.pass-ended')
  return pass
}
