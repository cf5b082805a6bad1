import { createCanvas } from '@napi-rs/canvas'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'

export type Pdf = { document: PDFDocumentProxy; title: string; language: string }

/** Opens a PDF as an independent reader sees it. */
export async function readPdf(bytes: Uint8Array): Promise<Pdf> {
  const document = await getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 })
    .promise
  const { info } = await document.getMetadata()
  const about = info as { Title?: string; Language?: string }
  return { document, title: about.Title ?? '', language: about.Language ?? '' }
}

export const pagesOf = (pdf: Pdf): number => pdf.document.numPages

const mm = (points: number): number => (points * 25.4) / 72

type Item = { str: string; transform: number[]; width: number; height: number; hasEOL: boolean }

/** A line of a page and where it stands, in millimetres from the top left; its size in points. */
export type Line = { words: string; left: number; right: number; top: number; bottom: number; size: number }

/** Answers the lines of a page (the first is 1). A line reaches from its size above the base line to a quarter of it below. */
export async function linesOf(pdf: Pdf, number: number): Promise<Line[]> {
  const page = await pdf.document.getPage(number)
  const [, , , height = 0] = page.view
  const { items } = await page.getTextContent()
  const lines: Line[] = []
  for (const { str, transform, width, height: size } of items as Item[]) {
    if (str.trim() === '') continue
    const [left, base] = [mm(transform[4] ?? 0), mm(height - (transform[5] ?? 0))]
    const [top, bottom] = [base - mm(size), base + mm(size) / 4]
    const last = lines.at(-1)
    if (last && Math.abs(last.top - top) < 0.1 && left - last.right < mm(size)) {
      last.words += (left - last.right > mm(size) / 8 ? ' ' : '') + str
      last.right = left + mm(width)
    } else
      lines.push({ words: str, left, right: left + mm(width), top, bottom, size: Math.round(size * 10) / 10 })
  }
  return lines.map((line) => ({ ...line, words: line.words.replace(/\s+/g, ' ').trim() }))
}

export type Tag = { type: string; words: string; alt: string | null }

type Node = { role?: string; alt?: string; id?: string; type?: string; children?: Node[] }

/** Answers what stands in each tag of a page (the first is 1), in the order in which it is read aloud. */
export async function tagsOf(pdf: Pdf, number: number): Promise<Tag[]> {
  const page = await pdf.document.getPage(number)
  const { items } = await page.getTextContent({ includeMarkedContent: true })
  const parts = new Map<string, string>()
  const open: string[] = []
  for (const item of items as { type?: string; id?: string; str?: string; hasEOL?: boolean }[]) {
    if (item.type?.startsWith('beginMarkedContent')) open.push(item.id ?? '')
    else if (item.type === 'endMarkedContent') open.pop()
    else {
      const id = open.at(-1) ?? ''
      parts.set(id, (parts.get(id) ?? '') + (item.str ?? '') + (item.hasEOL ? ' ' : ''))
    }
  }
  const wordsOf = (node: Node): string =>
    node.type === 'content' ? (parts.get(node.id ?? '') ?? '') : (node.children ?? []).map(wordsOf).join('')
  const walk = (node: Node): Tag[] => {
    const inside = (node.children ?? []).flatMap(walk)
    if (node.role === undefined) return inside
    const words = wordsOf(node).replace(/\s+/g, ' ').trim()
    return [{ type: node.role, words, alt: node.alt ?? null }, ...inside]
  }
  const root: Node = (await page.getStructTree()) ?? {}
  return walk(root)
}

/** Answers a page (the first is 1) as a PNG to look at. */
export async function pictureOf(pdf: Pdf, number: number): Promise<Uint8Array> {
  const page = await pdf.document.getPage(number)
  const viewport = page.getViewport({ scale: 1.5 })
  const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height))
  await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport }).promise
  return canvas.toBuffer('image/png')
}
