import type { NumberedPicture } from '#stories/picture.ts'
import { htmlOf, partsOf, type Mark } from '#stories/telling.ts'

export type Figure = { picture: NumberedPicture } | { drawing: number; words: string }
export type Layout = {
  /** What stands over the words: a photograph, else the story's drawing, else nothing, for the text begins with one. */
  lead: NumberedPicture | null
  drawn: boolean
  parts: ({ html: string } | { figures: Figure[] })[]
  /** Photographs that the text does not name. */
  more: NumberedPicture[]
}

/** Lays a story out: its words, each of the photographs given where the text puts it, the others before and behind. A photograph that is not given leaves no trace. */
export function layOut(body: string, pictures: readonly NumberedPicture[]): Layout {
  const left = new Set(pictures)
  const figureOf = (mark: Mark): Figure[] => {
    if ('drawing' in mark) return [mark]
    const picture = [...left].find(({ number }) => number === mark.picture)
    if (!picture) return []
    left.delete(picture)
    return [{ picture }]
  }
  const parts = partsOf(body)
    .map((part) =>
      'words' in part ? { html: htmlOf(part.words) } : { figures: part.marks.flatMap(figureOf) },
    )
    .filter((part) => 'html' in part || part.figures.length > 0)
  const [first] = parts
  const begins = first !== undefined && 'figures' in first
  const unnamed = [...left]
  const lead = begins ? null : (unnamed.shift() ?? null)
  return { lead, drawn: !begins && pictures.length === 0, parts, more: unnamed }
}

/** Answers how a story with these photographs stands on a page: one alone over its words is a poster. */
export const isPoster = ({ lead, parts, more }: Layout): boolean =>
  lead !== null && more.length === 0 && parts.every((part) => 'html' in part)
