import { micromark } from 'micromark'
import { slugOf } from '#kernel/words.ts'

/** Answers CommonMark as HTML that is safe to show: HTML inside it is shown as text, and links lead only to web, mail and phone addresses. The page has its own h1, so a heading of the first level becomes one of the second. */
export const proseOf = (words: string): string =>
  micromark(words, { allowDangerousHtml: false, allowDangerousProtocol: false }).replace(
    /<(\/?)h1>/g,
    '<$1h2>',
  )

/** Gives every heading of a page's HTML a name that a link can lead to: `#what-about-touch`. Of two alike only the first has it. */
export function withAnchors(html: string): string {
  // The page's own parts have these.
  const taken = new Set(['', 'main'])
  return html.replace(/<(h[2-6])>(.*?)<\/\1>/gs, (whole, level: string, words: string) => {
    const name = slugOf(words.replace(/<[^>]*>|&\w+;/g, ' '))
    if (taken.has(name)) return whole
    taken.add(name)
    return `<${level} id="${name}">${words}</${level}>`
  })
}

/** Answers the first heading of a text and the text without it, for a page whose h1 it becomes. */
export function withoutTitle(words: string): { title: string | null; rest: string } {
  const found = /^\s*# +([^\n]+?)(?: +#+)? *(?:\n|$)/.exec(words)
  return found
    ? { title: found[1] ?? null, rest: words.slice(found[0].length) }
    : { title: null, rest: words }
}

/** Answers words so that CommonMark shows them as they are. */
export const asWords = (words: string): string => words.replace(/[\\`*_{}[\]<>()#+.!|&~-]/g, '\\$&')
