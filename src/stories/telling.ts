import { micromark } from 'micromark'

/** A story's own words bring no pictures from elsewhere, and HTML in them is only words. */
const plainer = { disable: { null: ['labelStartImage', 'htmlFlow', 'htmlText'] } }

const made = new Map<string, string>()
const kept = 400

/** Answers a story's CommonMark as HTML that is safe to show: headings one level lower, for the page has its own h1; links marked as a stranger's. */
export function htmlOf(body: string): string {
  const known = made.get(body)
  if (known !== undefined) return known
  const html = micromark(body, { extensions: [plainer] })
    .replace(/<(\/?)h([1-5])>/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}>`)
    .replace(/<a href=/g, '<a rel="nofollow ugc" href=')
  if (made.size >= kept) made.clear()
  made.set(body, html)
  return html
}

/** Answers the beginning of a story in plain words, at most so many characters, cut between words. */
export function openingOf(body: string, most: number): string {
  const words = body
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
