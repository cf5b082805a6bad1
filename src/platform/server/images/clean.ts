import type { Format } from '#kernel/pictures.ts'
import { lookAt } from '#platform/server/images/look-at.ts'

/** Every part that a picture of ours may have. */
const allowed: Record<Format, RegExp> = {
  jpg: /^(APP0 JFIF|db|c4|dd|da|SOF)$/,
  webp: /^VP8[ L]$/,
  avif: /^(ftyp|meta|mdat|ispe|pixi|av1C|colr nclx|item av01)$/,
}

/** Proves that what was made holds pixels and nothing else; throws, because anything else is a bug of ours. */
export function checkClean(format: Format, bytes: Buffer): void {
  const look = lookAt(bytes)
  const other = look.parts.filter((part) => !allowed[format].test(part))
  const type = format === 'jpg' ? 'jpeg' : format
  if (look.type !== type || other.length > 0) {
    throw new Error(`A ${format} was made with ${[look.type, ...other].join(', ')} in it`)
  }
}
