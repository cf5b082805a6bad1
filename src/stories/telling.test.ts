import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { htmlOf, openingOf } from '#stories/telling.ts'

describe('the words of a story as HTML', () => {
  test('headings stand under the h1 of the page, paragraphs and lists stay', () => {
    expect(htmlOf('# Before\n\nOne.\n\n- two')).toBe(
      '<h2>Before</h2>\n<p>One.</p>\n<ul>\n<li>two</li>\n</ul>',
    )
  })

  test('HTML is only words, pictures from elsewhere are not fetched, and links run no script', () => {
    const html = htmlOf('<script>alert(1)</script> ![x](https://evil.example/x.png) [y](javascript:alert(1))')
    expect(html).not.toMatch(/<script|<img|javascript:/)
  })

  test('a link says that it is a stranger’s', () => {
    expect(htmlOf('[site](https://example.org)')).toContain(
      '<a rel="nofollow ugc" href="https://example.org">',
    )
  })

  test('whatever is written, only known elements come out', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.constantFrom('', '<b onclick=x>', '![](', '&#60;script&#62;'),
        (words, bad) => {
          const names = [...htmlOf(`${words}${bad}${words}`).matchAll(/<\/?([a-z0-9]+)/gi)].map(
            (found) => found[1],
          )
          const known = [
            'p',
            'h2',
            'h3',
            'h4',
            'h5',
            'h6',
            'ul',
            'ol',
            'li',
            'em',
            'strong',
            'code',
            'pre',
            'a',
            'blockquote',
            'hr',
            'br',
          ]
          expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([])
        },
      ),
    )
  })
})

describe('the beginning of a story', () => {
  test('is plain words, cut between two of them', () => {
    expect(openingOf('## Hello\n\nA *long* [walk](https://x.example) home.', 100)).toBe(
      'Hello A long walk home.',
    )
    expect(openingOf('One sentence. Another that goes on for long.', 20)).toBe('One sentence…')
  })

  test('is never longer than asked, and always well formed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.integer({ min: 5, max: 80 }),
        (words, most) => {
          const opening = openingOf(words, most)
          expect(opening.length).toBeLessThanOrEqual(most + 1)
          expect(opening.isWellFormed()).toBe(true)
        },
      ),
    )
  })
})
