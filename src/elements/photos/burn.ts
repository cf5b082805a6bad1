import type { Cover } from '#kernel/pictures.ts'

/** As on the server: one plain dark grey, a little over the edge. */
const grey = '#333333'
const margin = 4

/** The most pixels a canvas is given: telephones refuse more, and no larger picture is ever served. */
const mostPixels = 16_000_000

/** Answers the picture upright as this browser shows it; null when it cannot open it. */
export async function openPicture(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    // Which formats it opens differs from browser to browser.
    return null
  }
}

/** A canvas with the picture and its covers on it, no larger than told. */
function covered(picture: ImageBitmap, covers: readonly Cover[], scale: number, over: number) {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const draw = canvas.getContext('2d', { alpha: false })
  if (!draw) throw new Error('This browser cannot draw')
  draw.fillStyle = '#ffffff'
  draw.fillRect(0, 0, canvas.width, canvas.height)
  draw.drawImage(picture, 0, 0, canvas.width, canvas.height)
  draw.fillStyle = grey
  for (const cover of covers) {
    const [w, h] = [cover.w * canvas.width, cover.h * canvas.height]
    const [x, y] = [cover.x * canvas.width, cover.y * canvas.height]
    draw.beginPath()
    if (cover.shape === 'rectangle') draw.rect(x - over, y - over, w + 2 * over, h + 2 * over)
    else draw.ellipse(x + w / 2, y + h / 2, w / 2 + over, h / 2 + over, 0, 0, 2 * Math.PI)
    draw.fill()
  }
  return canvas
}

/** Answers the picture small, with what covers it, for looking at on this device. */
export const small = (picture: ImageBitmap, covers: readonly Cover[]): HTMLCanvasElement =>
  covered(picture, covers, 240 / Math.max(picture.width, picture.height), 0)

/** Answers a new picture with the covers burnt in: nothing of what is under them, and nothing that the camera wrote down, is in it. */
export async function burn(picture: ImageBitmap, covers: readonly Cover[]): Promise<Blob> {
  const scale = Math.min(1, Math.sqrt(mostPixels / (picture.width * picture.height)))
  const canvas = covered(picture, covers, scale, margin)
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.92))
  canvas.width = 0
  if (!made) throw new Error('This browser cannot save a picture')
  return made
}
