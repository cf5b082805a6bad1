import type { Draft, Mistake } from '#activities/import.ts'
import { datesOf } from '#activities/series.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import { isMessageKey, type Language, type Text } from '#kernel/messages.ts'
import type { Day } from '#kernel/times.ts'

type Words = { monday: Day; text: Text; language: Language; kinds: ReadonlyMap<string, string> }

/** Says in words what a row becomes: when, where and what kind; empty words for one that becomes nothing. */
export function sayDraft(draft: Draft | null, words: Words): { when: string; where: string; kind: string } {
  if (draft === null) return { when: '', where: '', kind: '' }
  const { text, monday } = words
  const dates = datesOf(draft.timing, draft.series, draft.changes, draft.later)
  const zone = draft.timing.timing === 'time' ? draft.timing.zone : null
  const first = sayDate(dates[0] ?? null, { zone, monday }, words)
  const { place } = draft
  return {
    when: dates.length > 1 ? text('import.dates', { when: first, count: dates.length - 1 }) : first,
    where: sayWhere(
      {
        mode: draft.mode,
        placeName: place?.name ?? null,
        address: place?.address ?? null,
        town: place?.town ?? null,
        country: place?.country ?? null,
        privatePlace: place?.private ?? false,
      },
      words,
    ),
    kind: words.kinds.get(draft.kind) ?? draft.kind,
  }
}

/** Says each mistake of a row with its cell: the column by its name, "C5", what stands there, what would be right. */
export function sayMistakes(row: { line: number; name: string; mistakes: readonly Mistake[] }, text: Text) {
  const { line, name } = row
  const called = name === '' ? text('import.row-only', { line }) : text('import.row-name', { line, name })
  return row.mistakes.map((one) => {
    const key = `import.column.${one.column ?? ''}`
    const column = isMessageKey(key) ? text(key) : ''
    return { row: called, column, at: one.at ?? '', cell: one.cell, words: text(one.key, one.params) }
  })
}
