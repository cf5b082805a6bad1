import { drawingNamed } from '#ui/drawings.ts'
import { alone } from '#ui/drawings/alone.ts'
import { box, circle, place, stroke, type Colour } from '#ui/drawings/paint.ts'

/** The sign in a box of 64 × 64. */
const sign = (ground: Colour | null, size = 1) =>
  (ground ? box([0, 0], [64, 64], ground, 0) : '') +
  place(
    circle(-18, 0, 10, 'extra') +
      circle(21, 2, 8, 'teal') +
      stroke('M-4.5-13q8 13 0 26', 'face', 4.8) +
      stroke('M10-7q-5 8.5 0 17', 'face', 4.8),
    [32, 32],
    size,
  )

const card = (width: number, height: number) => {
  const scale = Math.min((width * (width > height ? 0.62 : 0.9)) / 320, (height * 0.86) / 200)
  return (
    box([0, 0], [width, height], 'wall', 0) +
    place(
      drawingNamed('hero').replace(/^<path class="f-wall"[^>]*>/, ''),
      [width - 320 * scale - width * 0.02, height - 200 * scale],
      scale,
    )
  )
}

/** Answers every drawn file of `static/`, by name. */
export function drawnFiles(tokens: Record<string, string>): Record<string, string> {
  const square = (pieces: string) => alone(pieces, [64, 64], tokens)
  return {
    'favicon.svg': square(box([0, 0], [64, 64], 'white', 16) + sign(null, 1.02)),
    'icon.svg': square(sign('wall', 0.92)),
    'icon-maskable.svg': square(sign('wall', 0.68)),
    'card-wide.svg': alone(card(1200, 630), [1200, 630], tokens),
    'card-square.svg': alone(card(1080, 1080), [1080, 1080], tokens),
    'card-tall.svg': alone(card(1080, 1920), [1080, 1920], tokens),
  }
}
