import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textOfPage, wordsOfPage } from '#stories/page-words.ts'
import { mayRead } from '#stories/robots.ts'

describe('what a page says of itself', () => {
  test('is taken from what it says for cards, then from its plain title and description', () => {
    const html = `<head><title>Plain &amp; simple</title>
      <meta property="og:title" content="She answered &#8211; my hum"><meta content='A &quot;longer&quot; one' name=description>
      <meta property=og:site_name content=Blog></head>`
    expect(wordsOfPage(html)).toEqual({
      site: 'Blog',
      title: 'She answered – my hum',
      words: 'A "longer" one',
    })
    expect(wordsOfPage('<TITLE lang=en>Plain &amp; simple</TITLE>').title).toBe('Plain & simple')
    expect(wordsOfPage('nothing')).toEqual({ site: '', title: '', words: '' })
  })

  test('is left out where the page asks not to be quoted', () => {
    const html =
      '<title>T</title><meta name="robots" content="index, nosnippet"><meta name="description" content="D">'
    expect(wordsOfPage(html)).toMatchObject({ title: 'T', words: '' })
  })

  test('is one line, bounded and without signs that turn text round, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (words) => {
        const said = wordsOfPage(
          `<title>${words}</title><meta name="description" content="${words}\u202E&#x202E;">`,
        )
        expect(Array.from(said.title).length).toBeLessThanOrEqual(150)
        expect(Array.from(said.words).length).toBeLessThanOrEqual(300)
        expect(`${said.title}${said.words}`).not.toMatch(/[\n\r\u202E\0]/)
        expect(said.title.isWellFormed()).toBe(true)
      }),
    )
  })

  test('is read in its own letters, and in ours when it names none that exist', () => {
    const latin = Buffer.from('<meta charset="iso-8859-1"><title>Caf\u00E9</title>', 'latin1')
    expect(textOfPage(latin, 'text/html')).toContain('Café')
    expect(textOfPage(Buffer.from('Café'), 'text/html; charset=utf-8')).toBe('Café')
    expect(textOfPage(Buffer.from('Café'), 'text/html; charset=none-such')).toBe('Café')
  })
})

describe('whether a site lets us read', () => {
  const robots = `# words
User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$

User-agent: other
User-agent: A-Bit-Extra
Disallow: /blog/*/draft
`
  test.each([
    ['/private/x', 'somebody', false],
    ['/private/open/x', 'somebody', true],
    ['/a.pdf', 'somebody', false],
    ['/a.pdf?x', 'somebody', true],
    ['/private/x', 'a-bit-extra', true],
    ['/blog/1/draft', 'a-bit-extra', false],
    ['/blog/1', 'a-bit-extra', true],
  ])('%s, asked by %s: %s', (path, reader, may) => {
    expect(mayRead(robots, reader, path)).toBe(may)
  })

  test('it does when it says nothing, and not when it says no to everybody', () => {
    expect(mayRead('', 'a-bit-extra', '/')).toBe(true)
    expect(mayRead('User-agent: *\nDisallow:', 'a-bit-extra', '/x')).toBe(true)
    expect(mayRead('User-agent: *\nDisallow: /', 'a-bit-extra', '/x')).toBe(false)
  })
})
