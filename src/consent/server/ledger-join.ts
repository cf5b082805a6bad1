import type { Position } from '#consent/server/ledger.ts'
import { chained, type Kept, type Reading } from '#consent/server/ledger-file.ts'
import { wrongWith } from '#consent/server/replay.ts'

/** A ledger made whole from its copy and from what can still be read of its file. */
export type Joined = {
  kept: Kept[]
  /** How many lines can be read in neither. */
  lost: number
  /** How many of those this database has not taken in: something could come back that was taken away. */
  unknown: number
  /** Whether it holds all that the file and the copy ever said, and fits this database. */
  whole: boolean
}

/** Joins a copy with what can still be read of the file: what only the file says stands after the copy, in its order. Narrows only: no line that can be read is left out. */
export function joinLedgers(copy: Reading | null, file: Reading | null, position: Position): Joined {
  const base = copy?.brokenAt === null ? copy.sound : []
  const known = new Set(base.map(({ entry }) => entry.id))
  const more = (file?.sound ?? []).filter(({ entry }) => !known.has(entry.id))
  const kept = [
    ...base,
    ...chained(
      more.map(({ entry }) => entry),
      base.at(-1) ?? { n: 0, hash: '' },
    ),
  ]
  const numbers = new Set([...base, ...(file?.sound ?? [])].map(({ n }) => n))
  const end = Math.max(position.n, file?.end ?? 0, base.at(-1)?.n ?? 0)
  let [lost, unknown] = [0, 0]
  for (let n = 1; n <= end; n++) {
    if (numbers.has(n)) continue
    lost += 1
    if (n > position.n) unknown += 1
  }
  const fits = wrongWith(position, { sound: kept, brokenAt: null, end }) === ''
  return { kept, lost, unknown, whole: base.length > 0 && lost === 0 && fits }
}
