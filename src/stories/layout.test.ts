import { expect, test } from 'vitest'
import { isPoster, layOut } from '#stories/layout.ts'
import type { NumberedPicture } from '#stories/picture.ts'

const picture = (number: number): NumberedPicture => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  number,
  words: `Words ${number}`,
  caption: '',
  width: 1200,
  height: 900,
  widths: [320, 640],
  avif: false,
})
const [one, two, three] = [picture(1), picture(2), picture(3)]

test('one photograph that the words do not name stands over them, as a poster', () => {
  const layout = layOut('She rang it.', [one])
  expect(layout).toMatchObject({ lead: { number: 1 }, drawn: false, more: [] })
  expect(isPoster(layout)).toBe(true)
  expect(isPoster(layOut('She rang it.', [one, two]))).toBe(false)
})

test('each stands where the words put it, the others before and behind', () => {
  const layout = layOut('She.\n\n[picture 3]\n\nRang.', [one, two, three])
  expect(layout.lead).toEqual(one)
  expect(layout.more).toEqual([two])
  expect(layout.parts).toEqual([
    { html: '<p>She.</p>' },
    { figures: [{ picture: three }] },
    { html: '<p>Rang.</p>' },
  ])
})

test('a text that begins with one has nothing over it', () => {
  expect(layOut('[picture 2]\n\nShe.', [one, two])).toMatchObject({ lead: null, drawn: false, more: [one] })
  expect(layOut('[drawing 4: A drum]\n\nShe.', [])).toMatchObject({ lead: null, drawn: false })
})

test('what may not be seen leaves no trace where it stood, and is not shown twice', () => {
  const body = 'She.\n\n[picture 1]\n\nRang.\n\n[picture 2]\n\n[picture 2]'
  expect(JSON.stringify(layOut(body, [two]))).not.toContain('picture 1')
  expect(layOut(body, [two]).parts).toHaveLength(3)
  expect(layOut(body, [])).toEqual({
    lead: null,
    drawn: true,
    more: [],
    parts: [{ html: '<p>She.</p>' }, { html: '<p>Rang.</p>' }],
  })
})
