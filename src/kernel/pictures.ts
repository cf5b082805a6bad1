/** What is served; WebP and JPEG are made first. */
export const formats = ['webp', 'jpg', 'avif'] as const
export type Format = (typeof formats)[number]

export const mimeTypes: Record<Format, string> = {
  webp: 'image/webp',
  jpg: 'image/jpeg',
  avif: 'image/avif',
}

/** What is taken, by what is in a file and never by its name. */
export const sourceTypes = ['jpeg', 'png', 'webp', 'avif', 'heic'] as const
export type SourceType = (typeof sourceTypes)[number]

/** The widths that are made, pixels; nothing is enlarged. */
export const widths = [320, 640, 1280, 2048] as const
/** The tallest that is made, pixels, so that a strip of film stays within what WebP can hold. */
export const tallest = 8192

export const mostBytes = 64 * 1024 * 1024
export const mostPixels = 100_000_000
/** How many pictures one surface takes. */
export const mostFiles = 40
/** How many parts of one picture can be covered. */
export const mostCovers = 40

/** A part that nobody shall see, in parts of the upright picture: 0 to 1, from its left and its top. */
export type Cover = { shape: 'rectangle' | 'ellipse'; x: number; y: number; w: number; h: number }
