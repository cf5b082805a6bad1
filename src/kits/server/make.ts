import { readFileSync } from 'node:fs'
import { textIn, type Text } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { kitShapes, titleScale, type Kit, type KitItem } from '#kits/kit.ts'
import { projectFile } from '#platform/server/project-files.ts'
import type { Typesetter } from '#platform/server/typeset.ts'
import { codeOf } from '#platform/server/typeset/code.ts'
import { facesOf } from '#platform/server/typeset/faces.ts'
import { alone, lightTokens } from '#ui/drawings/alone.ts'
import { drawingNamed, isDrawing } from '#ui/drawings.ts'

let tokens: Record<string, string> | undefined

/** Answers a drawing as an SVG in its light colours: paper has no night. */
export function pictureOf(name: string): string {
  tokens ??= lightTokens(readFileSync(projectFile('src/ui/look/tokens.css'), 'utf8'))
  return alone(drawingNamed(isDrawing(name) ? name : 'other'), [320, 200], tokens)
}

const pointsOf = (millimetres: number): number => (millimetres * 72) / 25.4

/** Answers the facts of a note for the press, each with what it is; those that would say nothing are left out. */
function factsOf({ when, where, access, host, address }: Kit, text: Text): { name: string; value: string }[] {
  return [
    { name: text('kit.note.when'), value: when },
    { name: text('kit.note.where'), value: where },
    { name: text('kit.note.access'), value: access.join(', ') },
    { name: text('kit.note.host'), value: host },
    { name: text('kit.note.more'), value: address },
  ].filter(({ value }) => value !== '')
}

/** Makes one part of a kit: PDF/UA for paper and screen, PNG to post. Throws `invalid` when our typefaces lack a character of it. */
export async function makeKit(typesetter: Typesetter, kit: Kit, item: KitItem): Promise<Uint8Array> {
  const shape = kitShapes[item]
  const text = textIn(kit.language)
  const paper = shape.as === 'pdf'
  const [width, height] = paper
    ? [pointsOf(shape.width), pointsOf(shape.height)]
    : [shape.width, shape.height]
  // As large as the sheet allows, be it read across a room or on a phone.
  const unit = shape.layout === 'upright' ? Math.min(width / 300, height / 400) : height / 270
  const printed = await typesetter.set({
    template: `src/kits/server/${shape.layout === 'note' ? 'note' : 'kit'}.typ`,
    as: shape.as,
    data: {
      width,
      height,
      unit,
      paper,
      layout: shape.layout,
      // Of an upright sheet it takes two fifths at most; a square one has little room.
      drawing: Math.min(width - 32 * unit, ((height * 0.36) / 200) * 320),
      lang: kit.language,
      faces: facesOf(kit.language),
      scale: titleScale(kit.title),
      title: kit.title,
      when: kit.when,
      where: kit.where,
      summary: item === 'card-square' || item === 'card-wide' ? '' : kit.summary,
      access: paper && shape.layout === 'upright' ? kit.access : [],
      picture: pictureOf(kit.drawing),
      drawn: kit.drawn,
      address: kit.address.replace(/^https?:\/\//, ''),
      from: [kit.host, kit.week].filter(Boolean).join(' · '),
      tag: [kit.hashtag === null ? null : `#${kit.hashtag}`, kit.example ? text('kit.example') : null]
        .filter(Boolean)
        .join(' · '),
      cancelled: kit.cancelled,
      off: text('kit.cancelled'),
      scan: text('kit.scan', { address: kit.address }),
      made: paper ? text('kit.made', { day: kit.day }) : '',
      ...(shape.layout === 'note' && {
        kind: text('kit.note.kind'),
        facts: factsOf(kit, text),
        part: kit.week === '' ? '' : text('kit.words.press-week', { week: kit.week }),
        words: text('kit.note.words'),
      }),
      // Nobody scans what stands on the screen they hold.
      code: paper ? codeOf(kit.address) : null,
    },
  })
  if ('bytes' in printed) return printed.bytes
  throw new Refusal('invalid', 'kit.unprintable', { character: printed.unprintable[0] ?? '' })
}
