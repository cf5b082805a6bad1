import { cleanLine } from '#kernel/words.ts'

/** What a page says of itself in plain words. */
export type PageWords = { site: string; title: string; words: string }

const most = { site: 60, title: 150, words: 300 }

/** Names that pages use for letters; the rest of them are left as they stand. */
const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  middot: '·',
  bull: '•',
}

const decoded = (words: string): string =>
  words.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, tens, sixteens, name) => {
    if (typeof name === 'string') return named[name.toLowerCase()] ?? whole
    const code = typeof tens === 'string' ? Number(tens) : Number.parseInt(String(sixteens), 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })

function bounded(words: string, letters: number): string {
  const line = cleanLine(decoded(words))
  const all = Array.from(line)
  return all.length <= letters
    ? line
    : `${all
        .slice(0, letters - 1)
        .join('')
        .trim()}…`
}

function attributesOf(element: string): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [, name = '', double, single, bare] of element.matchAll(
    /([\w:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g,
  ))
    all[name.toLowerCase()] ??= double ?? single ?? bare ?? ''
  return all
}

/** How many elements are looked at, and how long one may be: a stranger wrote the page. */
const mostElements = 300
const longestElement = 4000

/** Answers the inside of the meta elements of a page; a ">" between quotes does not end one. */
function metasOf(html: string): string[] {
  const all: string[] = []
  const folded = html.toLowerCase()
  let at = folded.indexOf('<meta')
  for (let count = 0; at >= 0 && count < mostElements; count += 1) {
    const end = endOf(html, at + 5)
    if (end !== null) all.push(html.slice(at + 5, end))
    at = folded.indexOf('<meta', at + 5)
  }
  return all
}

function endOf(html: string, from: number): number | null {
  let quote = ''
  for (let at = from; at < Math.min(html.length, from + longestElement); at += 1) {
    const letter = html[at] ?? ''
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '>') return at
  }
  return null
}

/** Answers title, description and site name of a page's HTML, as plain, bounded words: nothing of it is ever shown as HTML. What a page asks not to be quoted is left out. */
export function wordsOfPage(html: string): PageWords {
  const said = new Map<string, string>()
  for (const element of metasOf(html)) {
    const { property, name, content } = attributesOf(element)
    const key = (property ?? name ?? '').toLowerCase()
    if (content !== undefined && content !== '' && !said.has(key)) said.set(key, content)
  }
  const first = (...names: string[]): string => names.map((one) => said.get(one)).find(Boolean) ?? ''
  const [, title = ''] = /<title(?:\s[^<>]{0,400})?>([^<]{0,2000})/i.exec(html) ?? []
  const unquoted = /\b(?:none|nosnippet)\b/i.test(said.get('robots') ?? '')
  return {
    site: bounded(first('og:site_name', 'application-name'), most.site),
    title: bounded(first('og:title', 'twitter:title') || title, most.title),
    words: unquoted ? '' : bounded(first('og:description', 'description', 'twitter:description'), most.words),
  }
}

/** Answers a page's bytes as text, in the letters that it says it is written in. */
export function textOfPage(bytes: Uint8Array, type: string): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 2048))
  const [, said] =
    /charset=["']?([\w-]{1,30})/i.exec(type) ??
    /<meta\s[^<>]{0,200}charset=["']?([\w-]{1,30})/i.exec(start) ??
    []
  try {
    return new TextDecoder(said ?? 'utf-8').decode(bytes)
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder().decode(bytes)
    throw error
  }
}
