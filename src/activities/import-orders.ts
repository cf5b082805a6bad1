import { lettersOf, orderIn, partsOf, type DateOrder } from '#activities/import-cells.ts'

/** A day of a file as it is written there, and in which cell. */
type Written = { at: string; words: string }
export type DayOrders = {
  /** The first day that can be read in two ways. */
  open: Written | null
  /** The first day that can be read in one way only, when no other of the file contradicts it: the others are read alike. */
  settled: (Written & { order: DateOrder }) | null
}
export const noDays: DayOrders = { open: null, settled: null }

const withDays = ['date', 'time', 'endDate', 'endTime', 'until', 'dates'] as const
type WithDays = (typeof withDays)[number]

/** Answers whether the days of a table say in which order they are written. */
export function ordersIn(
  rows: readonly { line: number; cells: Partial<Record<WithDays, string>> }[],
  at: Partial<Record<WithDays, number>>,
): DayOrders {
  const first = new Map<DateOrder | 'open', Written>()
  for (const { line, cells } of rows) {
    for (const column of withDays) {
      const place = at[column]
      for (const words of partsOf((cells[column] ?? '').replace(/,(?=\s*\d)/g, ';'))) {
        const order = orderIn(words)
        if (order === null || place === undefined || first.has(order)) continue
        first.set(order, { at: `${lettersOf(place)}${line}`, words: words.slice(0, 60) })
      }
    }
  }
  const [dayFirst, monthFirst] = [first.get('day-first'), first.get('month-first')]
  const open = first.get('open') ?? null
  if (dayFirst && !monthFirst) return { open, settled: { ...dayFirst, order: 'day-first' } }
  if (monthFirst && !dayFirst) return { open, settled: { ...monthFirst, order: 'month-first' } }
  return { open, settled: null }
}
