import * as v from 'valibot'
import { expect, test } from 'vitest'
import { line, longText, maybeLine, maybeText } from '#kernel/input.ts'
import { cleanLine, cleanText } from '#kernel/words.ts'

const unseen = [
  '  \u200B ',
  '\u202E\u200B',
  '\u200D\u200C\u200E\u200F\u061C',
  '\u2060\uFEFF\u00AD\u034F',
  '\u00A0\u3000\u2003',
  '\u115F\u1160\u3164\uFFA0',
  '\uFE0F\u{E0041}',
  '\u2800',
  '\n\u200B\n',
]

test.each(unseen)('%j counts as nothing in every field of words', (words) => {
  expect([cleanLine(words), cleanText(words)]).toEqual(['', ''])
  for (const needed of [line(100), longText(100)])
    expect(v.safeParse(needed, words).issues?.[0]?.message).toBe('input.needed')
  for (const maybe of [maybeLine(100), maybeText(100)]) expect(v.parse(maybe, words)).toBeNull()
})

test.each(['👨‍👩‍👧', 'می‌خواهم', 'क्‍ष', '茶', '!', '❤️', '\u200Fשלום'])('%j stays as it was typed', (words) => {
  expect([cleanLine(words), cleanText(words)]).toEqual([words, words])
})
