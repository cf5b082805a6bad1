import { readFileSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import { mostPixels, tallest, widths, type Cover } from '#kernel/pictures.ts'
import { burnIn } from '#platform/server/images/covers.ts'
import { asTiff, decodeHeic } from '#platform/server/images/heic.ts'
import { lookAt } from '#platform/server/images/look-at.ts'
import { wrong, type Look } from '#platform/server/images/look.ts'

// Nothing but what was looked through is ever decoded; of the rest of libvips nothing can be reached.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff'].flatMap((kind) => [
    `VipsForeignLoad${kind}File`,
    `VipsForeignLoad${kind}Buffer`,
  ]),
})
sharp.cache(false)

/** The picture that everything served is made from: upright, in sRGB, three bytes a pixel, no larger than what is served. */
export type Base = {
  data: Buffer
  width: number
  height: number
  look: Look
  whole: { width: number; height: number }
}

type Raw = { data: Buffer; width: number; height: number }
const pixels = (raw: Raw): Sharp =>
  sharp(raw.data, {
    raw: { width: raw.width, height: raw.height, channels: 3 },
    limitInputPixels: mostPixels,
  })

const widest = Math.max(...widths)
const within = (width: number, height: number): { width: number; height: number } => {
  const scale = Math.min(1, widest / width, tallest / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** How a picture is turned upright: what its camera wrote down about how it was held (EXIF 2.32, tag 274). */
const turns: Record<number, { turn?: number; mirror?: true; upend?: true }> = {
  2: { mirror: true },
  3: { turn: 180 },
  4: { upend: true },
  5: { turn: 90, mirror: true },
  6: { turn: 90 },
  7: { turn: 270, mirror: true },
  8: { turn: 270 },
}

async function turned(raw: Raw, orientation: number): Promise<Raw> {
  const how = turns[orientation]
  if (!how) return raw
  const { data, info } = await pixels(how.turn ? await rawOf(pixels(raw).rotate(how.turn)) : raw)
    .flop(how.mirror ?? false)
    .flip(how.upend ?? false)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

async function rawOf(of: Sharp): Promise<Raw> {
  const { data, info } = await of.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw wrong('broken')
  return { data, width: info.width, height: info.height }
}

/** On white, in sRGB, eight bits: what is left is three bytes a pixel whatever came in. */
const plain = (of: Sharp): Sharp => of.flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha()

async function heicBase(bytes: Buffer): Promise<{ raw: Raw; whole: { width: number; height: number } }> {
  const found = decodeHeic(bytes)
  const size = within(found.width, found.height)
  const smaller = await rawOf(pixels(found).resize({ ...size, fit: 'fill' }))
  const raw = found.icc ? await rawOf(plain(sharp(asTiff({ ...smaller, icc: found.icc })))) : smaller
  return { raw, whole: { width: found.width, height: found.height } }
}

async function otherBase(
  path: string,
  look: Look,
): Promise<{ raw: Raw; whole: { width: number; height: number } }> {
  const input = sharp(path, { failOn: 'warning', limitInputPixels: mostPixels, sequentialRead: true })
  const found = await input.metadata()
  if (look.type !== 'avif' && (found.pages ?? 1) > 1) throw wrong('moves')
  // Decoded as something else than what was looked through: two programs read this file in two ways.
  const said = { jpeg: 'jpeg', png: 'png', webp: 'webp', avif: 'heif', heic: '' }[look.type]
  if (found.format !== said) throw wrong('broken')
  const orientation = found.orientation ?? 1
  const across = orientation >= 5
  const [width, height] = across ? [found.height, found.width] : [found.width, found.height]
  const size = within(width, height)
  const lying = across ? { width: size.height, height: size.width } : size
  const raw = await rawOf(plain(input.resize({ ...lying, fit: 'fill' })))
  return { raw: await turned(raw, orientation), whole: { width, height } }
}

/** Reads a file whole and answers the picture in it, upright, with covers burnt in; refuses, with the reason, what cannot be read to its end. */
export async function readBase(path: string, covers: readonly Cover[]): Promise<Base> {
  const bytes = readFileSync(path)
  const look = lookAt(bytes)
  try {
    const { raw, whole } = look.type === 'heic' ? await heicBase(bytes) : await otherBase(path, look)
    burnIn(raw, covers)
    return { ...raw, look, whole }
  } catch (error) {
    // sharp and libvips say in many ways that a file is not what it should be.
    if (error instanceof Error && error.constructor === Error) throw wrong('broken')
    throw error
  }
}

/** Answers 64 bits that pictures which look alike share most of: whether it gets brighter from each of 9 × 8 fields to the next. Of the picture, not of a face. */
export async function likenessOf(base: Raw): Promise<string> {
  const { data } = await pixels(base)
    .greyscale()
    .resize({ width: 9, height: 8, fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  let bits = ''
  for (let y = 0; y < 8; y += 1)
    for (let x = 0; x < 8; x += 1) bits += (data[y * 9 + x] ?? 0) < (data[y * 9 + x + 1] ?? 0) ? '1' : '0'
  return bits
}
