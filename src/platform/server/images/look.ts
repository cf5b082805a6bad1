import { mostPixels, type SourceType } from '#kernel/pictures.ts'
import type { MessageKey, MessageParams } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'

/** What can be said of a picture without decoding it. */
export type Look = {
  type: SourceType
  /** As it is coded, before it is turned upright. */
  width: number
  height: number
  exif: Buffer | null
  /** The name of every part of the file, in its order, for proving that nothing else is in it. */
  parts: string[]
}

/** Makes a "no" about a file. */
export const wrong = (
  what: 'behind' | 'broken' | 'cut' | 'film' | 'hard' | 'heavy' | 'kind' | 'moves',
): Refusal => new Refusal('invalid', `media.wrong.${what}` satisfies MessageKey)

/** How much may stand in a file beside the picture, bytes. Phones put a depth map or a short film there. */
const most = { icc: 4 * 1024 * 1024, exif: 1024 * 1024, all: 32 * 1024 * 1024 }

/** Counts what is in a file beside the picture; refuses what no camera writes. */
export class Beside {
  #icc = 0
  #all = 0
  exif: Buffer | null = null

  add(bytes: number): void {
    this.#all += bytes
    if (this.#all > most.all) throw wrong('heavy')
  }

  addIcc(bytes: number): void {
    this.#icc += bytes
    if (this.#icc > most.icc) throw wrong('heavy')
  }

  addExif(exif: Buffer): void {
    if (exif.length > most.exif) throw wrong('heavy')
    this.exif ??= exif
  }
}

/** Refuses a size that is none, or above what is taken, with the number. */
export function checkSize(width: number, height: number): void {
  if (width < 1 || height < 1) throw wrong('broken')
  if (width * height <= mostPixels) return
  const params: MessageParams = {
    megapixels: Math.ceil((width * height) / 100_000) / 10,
    most: mostPixels / 1_000_000,
  }
  throw new Refusal('invalid', 'media.wrong.pixels', params)
}

/** Answers whether only zeros follow: some programs fill up a file with them. */
export const onlyZeros = (bytes: Buffer, from: number): boolean => {
  for (let at = from; at < bytes.length; at += 1) if (bytes[at] !== 0) return false
  return true
}

/** Answers the letters at a place. */
export const lettersAt = (bytes: Buffer, at: number, length = 4): string =>
  bytes.toString('latin1', at, at + length)
