import type { Cover } from '#kernel/pictures.ts'

/** What a cover looks like: one plain dark grey, so that nothing of what is under it can be told. */
const grey = 0x33

/** Pixels around a cover that are covered too: making smaller had already mixed a little of what is under it into them. */
const margin = 4

/** Burns covers into pixels of three bytes each. Nothing of what was under them is left. */
export function burnIn(
  picture: { data: Buffer; width: number; height: number },
  covers: readonly Cover[],
): void {
  const { data, width, height } = picture
  for (const cover of covers) {
    const [cx, cy] = [(cover.x + cover.w / 2) * width, (cover.y + cover.h / 2) * height]
    const [rx, ry] = [(cover.w / 2) * width + margin, (cover.h / 2) * height + margin]
    const top = Math.max(0, Math.floor(cy - ry))
    const bottom = Math.min(height, Math.ceil(cy + ry))
    for (let y = top; y < bottom; y += 1) {
      const off = (y + 0.5 - cy) / ry
      const half = cover.shape === 'ellipse' ? rx * Math.sqrt(Math.max(0, 1 - off * off)) : rx
      const left = Math.max(0, Math.floor(cx - half))
      const right = Math.min(width, Math.ceil(cx + half))
      if (right > left) data.fill(grey, (y * width + left) * 3, (y * width + right) * 3)
    }
  }
}
