import { micromark } from 'micromark'

/** A story's own words bring no pictures from elsewhere, and HTML in them is only words. */
const plainer = { disable: { null: ['labelStartImage', 'htmlFlow', 'htmlText'] } }

const made = new Map<string, string>()
const kept = 400

/** A line of its own in a story's text: here stands its photograph of that number, or one of the drawings. */
const markLine = /^[ \t]*\[(?:(picture) (\d{1,3})|(drawing) (\d{1,2})(?:: ?([^\]\n]{1,300}))?)\][ \t]*$/i

/** The same inside a line shows nothing there, and is no words either; a link may be called so. */
const inLine = /[ \t]*\[(?:picture \d{1,3}|drawing \d{1,2}(?:: ?[^\]\n]{1,300})?)\](?!\()/gi

const withoutMarks = (line: string): string => (line.includes('[') ? line.replace(inLine, '') : line)

/** So many characters a story has at the most. */
export const mostLetters = 20_000

export type Mark = { picture: number } | { drawing: number; words: string }
/** What a story's text is made of, in its order. */
export type Part = { words: string } | { marks: Mark[] }

function markIn(line: string): Mark | null {
  const [, picture, number, drawing, drawn, words] = markLine.exec(line) ?? []
  if (picture !== undefined) return { picture: Number(number) }
  return drawing === undefined ? null : { drawing: Number(drawn), words: words?.trim() ?? '' }
}

/** Answers the line that puts a photograph into a text. */
export const pictureLine = (number: number): string => `[picture ${number}]`

/** Answers a story's text as runs of words and what stands between them; what stands together stays together. */
export function partsOf(body: string): Part[] {
  const parts: Part[] = []
  let words: string[] = []
  const closeWords = () => {
    const run = words.join('\n').replace(/^\n+|\n+$/g, '')
    if (run !== '') parts.push({ words: run })
    words = []
  }
  for (const line of body.split('\n')) {
    const mark = markIn(line)
    if (mark === null) {
      words.push(withoutMarks(line))
      continue
    }
    closeWords()
    const last = parts.at(-1)
    if (last && 'marks' in last) last.marks.push(mark)
    else parts.push({ marks: [mark] })
  }
  closeWords()
  return parts
}

const wordsOnly = (body: string): string =>
  body
    .split('\n')
    .map((line) => (markIn(line) === null ? withoutMarks(line) : ''))
    .join('\n')

/** Answers the paragraphs, headings and lists of a text, marks left out: after each a picture can stand. */
export const blocksOf = (body: string): string[] =>
  wordsOnly(body)
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')

/** Answers after how many blocks of the text a photograph stands; null when it stands nowhere in it. */
export function placeOf(body: string, number: number): number | null {
  const lines = body.split('\n')
  const at = lines.findIndex((line) => isPicture(line, number))
  return at < 0 ? null : blocksOf(lines.slice(0, at).join('\n')).length
}

/** A mark that shows nothing, as it was written, and why: no photograph has its number, it stands inside a line, or its photograph stands further up. */
export type LostMark = { line: string; why: 'none' | 'inside' | 'again' }

/** Answers the marks of a text that show nothing, each once, when its photographs have these numbers. */
export function lostMarks(body: string, numbers: readonly number[]): LostMark[] {
  const placed = new Set<number>()
  const lost = body.split('\n').flatMap((line): LostMark[] => {
    const mark = markIn(line)
    if (mark === null) return [...line.matchAll(inLine)].map(([all]) => ({ line: all.trim(), why: 'inside' }))
    if ('drawing' in mark) return []
    const why = !numbers.includes(mark.picture) ? 'none' : placed.has(mark.picture) ? 'again' : null
    placed.add(mark.picture)
    return why === null ? [] : [{ line: line.trim(), why }]
  })
  return [...new Map(lost.map((one) => [`${one.why} ${one.line}`, one])).values()]
}

const isPicture = (line: string, number: number): boolean => {
  const mark = markIn(line)
  return mark !== null && 'picture' in mark && mark.picture === number
}

/** Answers the text with a photograph behind so many of its blocks, and nowhere else; null takes it out of the text. */
export function withPicture(body: string, number: number, after: number | null): string {
  const without = body
    .split('\n')
    .filter((line) => !isPicture(line, number))
    .join('\n')
  const pieces = without
    .split(/\n{2,}/)
    .map((piece) => piece.replace(/^\n+|\n+$/g, ''))
    .filter((piece) => piece.trim() !== '')
  if (after === null) return pieces.join('\n\n')
  let left = after
  let at = 0
  for (; at < pieces.length && left > 0; at += 1) left -= blocksOf(pieces[at] ?? '').length
  // What was put there before stays before.
  while (at < pieces.length && blocksOf(pieces[at] ?? '').length === 0) at += 1
  return [...pieces.slice(0, at), pictureLine(number), ...pieces.slice(at)].join('\n\n')
}

/** Answers a story's CommonMark as HTML that is safe to show, without what stands between the words: headings one level lower, for the page has its own h1; links marked as a stranger's. */
export function htmlOf(body: string): string {
  const known = made.get(body)
  if (known !== undefined) return known
  const html = micromark(wordsOnly(body), { extensions: [plainer] })
    .replace(/<(\/?)h([1-5])>/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}>`)
    .replace(/<a href=/g, '<a rel="nofollow ugc" href=')
  if (made.size >= kept) made.clear()
  made.set(body, html)
  return html
}

/** Answers the beginning of a story in plain words, at most so many characters, cut between words. */
export function openingOf(body: string, most: number): string {
  const plain = wordsOnly(body)
  const told = plain.replace(/^[ \t]*#{1,6}[ \t].*$/gm, '')
  // Headings run into what follows them; where there is nothing else, they are what is told.
  const words = (told.trim() === '' ? plain : told)
    .slice(0, most * 3)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[ \t]*(?:#{1,6}|>|[-+*]|\d+[.)])[ \t]+/gm, '')
    .replace(/[*_`~]+/g, '')
    .replace(/\\([^\w\s])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  if (words.length <= most) return words
  const cut = words.slice(0, most)
  const space = cut.lastIndexOf(' ')
  return `${(space > most / 2 ? cut.slice(0, space) : cut).toWellFormed().replace(/[\s.,;:–—-]+$/, '')}…`
}
