import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blocksOf, htmlOf, lostMarks, openingOf, partsOf, placeOf, withPicture } from '#stories/telling.ts'

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

  test('a photograph that is named inside a line is left out of its words, a link that is called so stays', () => {
    const body = 'We rang [picture 2] the bell [drawing 1: a bell].'
    expect(htmlOf(body)).toBe('<p>We rang the bell.</p>')
    expect(openingOf(body, 200)).toBe('We rang the bell.')
    expect(partsOf(body)).toEqual([{ words: 'We rang the bell.' }])
    expect(htmlOf('[picture 2](https://example.org)')).toContain('>picture 2</a>')
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
    expect(openingOf('## Hello\n\nA *long* [walk](https://x.example) home.', 100)).toBe('A long walk home.')
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

describe('what stands between the words', () => {
  const body =
    '# Cups\n\nI hum.\n\n[picture 2]\n[drawing 12: Two people and a kettle]\n\nShe hums.\n\n[Picture 1]'

  test('is found where it stands, and leaves the words as they are', () => {
    expect(partsOf(body)).toEqual([
      { words: '# Cups\n\nI hum.' },
      { marks: [{ picture: 2 }, { drawing: 12, words: 'Two people and a kettle' }] },
      { words: 'She hums.' },
      { marks: [{ picture: 1 }] },
    ])
    expect(htmlOf(body).trim()).toBe('<h2>Cups</h2>\n<p>I hum.</p>\n<p>She hums.</p>')
    expect(openingOf(body, 100)).toBe('I hum. She hums.')
    expect(blocksOf(body)).toEqual(['# Cups', 'I hum.', 'She hums.'])
  })

  test('words that only look alike stay words', () => {
    for (const words of [
      'See [picture 1] there',
      '[picture]',
      '[picture 1](https://x.example)',
      '[drawing a]',
    ])
      expect(htmlOf(words)).toContain('<p>')
  })

  test('a mark that shows nothing is named with the reason, each once', () => {
    const words = `${body}\n\n[picture 7]\n\nWe [picture 1] rang [drawing 3: A drum].\n\n[picture 2]\n\n[picture 7]`
    expect(lostMarks(words, [1, 2])).toEqual([
      { line: '[picture 7]', why: 'none' },
      { line: '[picture 1]', why: 'inside' },
      { line: '[drawing 3: A drum]', why: 'inside' },
      { line: '[picture 2]', why: 'again' },
    ])
    expect(lostMarks(body, [2]).map(({ line }) => line)).toEqual(['[Picture 1]'])
    expect(lostMarks('[picture 1](https://x.example)', [])).toEqual([])
  })

  test('a photograph is put behind as many blocks as asked, once, and taken out again', () => {
    const put = withPicture(body, 1, 1)
    expect(put).toBe(
      '# Cups\n\n[picture 1]\n\nI hum.\n\n[picture 2]\n[drawing 12: Two people and a kettle]\n\nShe hums.',
    )
    expect(placeOf(put, 1)).toBe(1)
    expect(placeOf(withPicture(put, 1, 0), 1)).toBe(0)
    expect(placeOf(withPicture(put, 1, null), 1)).toBeNull()
    expect(withPicture('One.', 3, 99)).toBe('One.\n\n[picture 3]')
  })

  test('wherever photographs are put, the words stay the same', () => {
    const block = fc.constantFrom('One.', '# Two', '- three\n- four', '[picture 9]', '[picture 1]')
    const moves = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.option(fc.integer({ min: 0, max: 9 }))),
    )
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 8 }), moves, (blocks, all) => {
        const before = blocks.join('\n\n')
        const after = all.reduce((now, [number, to]) => withPicture(now, number, to), before)
        expect(blocksOf(after)).toEqual(blocksOf(before))
        for (const [number, to] of all.slice(-1)) {
          const most = blocksOf(before).length
          expect(placeOf(after, number)).toBe(to === null ? null : Math.min(to, most))
        }
      }),
    )
  })
})
