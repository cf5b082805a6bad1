import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { checkSize, wrong } from '#platform/server/images/look.ts'

/** What we use of libheif, under its own names but for the mark that its translation puts before them. */
type LibHeif = {
  /** The memory of the library; another one after it grew. */
  memory: () => Uint8Array
  malloc: (bytes: number) => number
  free: (at: number) => void
  heif_context_alloc: () => number
  heif_context_free: (context: number) => void
  heif_context_read_from_memory_without_copy: (...of: [number, number, number, number, number]) => void
  heif_context_get_primary_image_handle: (problem: number, context: number, handle: number) => void
  heif_image_handle_get_width: (handle: number) => number
  heif_image_handle_get_height: (handle: number) => number
  heif_image_handle_get_raw_color_profile_size: (handle: number) => number
  heif_image_handle_get_raw_color_profile: (problem: number, handle: number, at: number) => void
  heif_image_handle_release: (handle: number) => void
  heif_decode_image: (...of: [number, number, number, number, number, number]) => void
  heif_image_get_plane_readonly: (image: number, channel: number, stride: number) => number
  heif_image_release: (image: number) => void
}
type Translated = Record<string, unknown> & { HEAPU8: Uint8Array }

const [colourRgb, chromaRgb, channelRgb] = [1, 10, 10]

let library: LibHeif | undefined

function load(): LibHeif {
  const require = createRequire(import.meta.url)
  const make = require('libheif-js/libheif-wasm/libheif.js') as (options: object) => Translated
  const wasmBinary = readFileSync(require.resolve('libheif-js/libheif-wasm/libheif.wasm'))
  const translated = make({ wasmBinary })
  const named = Object.entries(translated)
    .filter(([name]) => name.startsWith('_'))
    .map(([name, value]) => [name.slice(1), value] as const)
  return { ...(Object.fromEntries(named) as Omit<LibHeif, 'memory'>), memory: () => translated.HEAPU8 }
}

/** Pixels as they are shown, three bytes each, and the profile that says which colours they mean. */
export type Pixels = { data: Buffer; width: number; height: number; icc: Buffer | null }

const wordAt = (lib: LibHeif, at: number): number =>
  new DataView(lib.memory().buffer, lib.memory().byteOffset).getUint32(at, true)

function decode(lib: LibHeif, context: number, scratch: number, mend: (() => void)[]): Pixels {
  const [problem, out] = [scratch, scratch + 16]
  const check = (): void => {
    if (wordAt(lib, problem) !== 0) throw wrong('broken')
  }
  lib.heif_context_get_primary_image_handle(problem, context, out)
  check()
  const handle = wordAt(lib, out)
  mend.push(() => lib.heif_image_handle_release(handle))
  const [width, height] = [lib.heif_image_handle_get_width(handle), lib.heif_image_handle_get_height(handle)]
  checkSize(width, height)
  const profile = lib.heif_image_handle_get_raw_color_profile_size(handle)
  let icc: Buffer | null = null
  if (profile > 0) {
    const at = lib.malloc(profile)
    mend.push(() => lib.free(at))
    lib.heif_image_handle_get_raw_color_profile(problem, handle, at)
    icc = Buffer.from(lib.memory().subarray(at, at + profile))
  }
  lib.heif_decode_image(problem, handle, out, colourRgb, chromaRgb, 0)
  check()
  const image = wordAt(lib, out)
  mend.push(() => lib.heif_image_release(image))
  const plane = lib.heif_image_get_plane_readonly(image, channelRgb, out)
  const stride = wordAt(lib, out)
  if (plane === 0 || stride < width * 3) throw wrong('broken')
  const data = Buffer.allocUnsafe(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    const row = plane + y * stride
    data.set(lib.memory().subarray(row, row + width * 3), y * width * 3)
  }
  return { data, width, height, icc }
}

/** Decodes a HEIC, upright (the file itself says how it is turned). What stands beside the picture is not looked at. */
export function decodeHeic(file: Buffer): Pixels {
  const lib = (library ??= load())
  const [context, at, scratch] = [lib.heif_context_alloc(), lib.malloc(file.length), lib.malloc(32)]
  const mend: (() => void)[] = [
    () => lib.free(scratch),
    () => lib.free(at),
    () => lib.heif_context_free(context),
  ]
  try {
    lib.memory().set(file, at)
    lib.heif_context_read_from_memory_without_copy(scratch, context, at, file.length, 0)
    if (wordAt(lib, scratch) !== 0) throw wrong('broken')
    return decode(lib, context, scratch, mend)
  } catch (error) {
    // What the library's own memory limit or a trap inside says is the same to us: it cannot be read.
    if (error instanceof WebAssembly.RuntimeError) throw wrong('broken')
    throw error
  } finally {
    for (const one of mend.toReversed()) one()
  }
}

/** Wraps pixels with their colour profile into a plain TIFF: of what sharp reads, the only thing that carries both without packing. */
export function asTiff({ data, width, height, icc }: Pixels): Buffer {
  const tags: [number, number, number, number][] = []
  const head = 8 + 2 + 12 * 11 + 4 + 6
  const profile = icc ?? Buffer.alloc(0)
  const pixels = head + profile.length + (profile.length & 1)
  const tag = (id: number, type: number, count: number, value: number) => tags.push([id, type, count, value])
  tag(256, 4, 1, width)
  tag(257, 4, 1, height)
  tag(258, 3, 3, head - 6)
  tag(259, 3, 1, 1)
  tag(262, 3, 1, 2)
  tag(273, 4, 1, pixels)
  tag(277, 3, 1, 3)
  tag(278, 4, 1, height)
  tag(279, 4, 1, data.length)
  tag(284, 3, 1, 1)
  tag(34_675, 7, profile.length, head)
  const file = Buffer.alloc(pixels)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(8, 4)
  file.writeUInt16LE(tags.length, 8)
  for (const [n, [id, type, count, value]] of tags.entries()) {
    const at = 10 + n * 12
    file.writeUInt16LE(id, at)
    file.writeUInt16LE(type, at + 2)
    file.writeUInt32LE(count, at + 4)
    file.writeUInt32LE(value, at + 8)
  }
  for (let n = 0; n < 3; n += 1) file.writeUInt16LE(8, head - 6 + n * 2)
  profile.copy(file, head)
  return Buffer.concat([file, data])
}
