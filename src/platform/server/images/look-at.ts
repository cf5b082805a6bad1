import { lookAtHeif } from '#platform/server/images/look-heif.ts'
import { lookAtJpeg } from '#platform/server/images/look-jpeg.ts'
import { lookAtPng } from '#platform/server/images/look-png.ts'
import { lookAtWebp } from '#platform/server/images/look-webp.ts'
import { lettersAt, wrong, type Look } from '#platform/server/images/look.ts'

/** Answers what a file seems to be, by its first bytes and never by its name; refuses what is no still picture of a kind that is taken. 32 bytes are enough. */
export function kindOf(start: Buffer): 'jpeg' | 'png' | 'webp' | 'heif' {
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return 'jpeg'
  if (lettersAt(start, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (lettersAt(start, 0) === 'RIFF' && lettersAt(start, 8) === 'WEBP') return 'webp'
  if (lettersAt(start, 0) === 'GIF8') throw wrong('kind')
  const isFilm = lettersAt(start, 0) === '\x1aE\xdf\xa3' || lettersAt(start, 8) === 'AVI '
  if (isFilm) throw wrong('film')
  if (lettersAt(start, 4) !== 'ftyp') throw wrong('kind')
  if (/^(avif|avis|mif1|mif2|msf1|miaf|hei[a-z]|hev[a-z]|1pic)/.test(lettersAt(start, 8))) return 'heif'
  throw wrong('film')
}

/** Looks through a whole file without decoding it; refuses, with the reason, whatever is not one still picture and nothing else. */
export function lookAt(bytes: Buffer): Look {
  switch (kindOf(bytes.subarray(0, 32))) {
    case 'jpeg':
      return lookAtJpeg(bytes)
    case 'png':
      return lookAtPng(bytes)
    case 'webp':
      return lookAtWebp(bytes)
    case 'heif':
      return lookAtHeif(bytes)
  }
}
