import { partsOf } from '#activities/import-cells.ts'
import { readCodes, readLanguages, readSigns, readYes } from '#activities/import-names.ts'
import { organiserColumns, type Column, type FileContent, type FileRow } from '#activities/import-columns.ts'
import { whenOf } from '#activities/import-when.ts'
import { modeOf, placeOf } from '#activities/import-where.ts'
import { Row, usualKind, type About, type Draft, type Mistake } from '#activities/import.ts'
import { westernDigits } from '#kernel/input.ts'
import { cleanLine, cleanText, plainWords } from '#kernel/words.ts'

export type ReadRow = {
  line: number
  /** What it is called, for the preview. */
  name: string
  draft: Draft | null
  mistakes: Mistake[]
  /** The calendar says that it does not happen. */
  calledOff: boolean
  /** What makes it the same row the next time: its own id, else its title, place and day. */
  identity: string
}

function lineOf(row: Row, column: Column, most: number): string {
  const words = cleanLine(row.cell(column))
  if (words.length > most) row.wrong(column, 'input.too-long', { requirement: most })
  return words
}

function textOf(row: Row, column: Column, most: number): string {
  const words = cleanText(row.cell(column))
  if (words.length > most) row.wrong(column, 'input.too-long', { requirement: most })
  return words
}

function codesOf(row: Row, column: Column, names: ReadonlyMap<string, string>): string[] {
  const { codes, wrong } = readCodes(row.cell(column), names)
  if (wrong !== null) row.wrong(column, 'import.mistake.code', { words: wrong })
  return codes
}

function tongues(row: Row, column: 'languages' | 'sign'): string[] {
  const { codes, wrong } = (column === 'sign' ? readSigns : readLanguages)(row.cell(column))
  if (wrong !== null) row.wrong(column, 'import.mistake.language', { words: wrong })
  return codes
}

function countOf(row: Row, column: Column): number | null {
  const words = westernDigits(cleanLine(row.cell(column)))
  if (words === '') return null
  const count = /^\d{1,6}$/.test(words) ? Number(words) : 0
  if (count < 1 || count > 100_000) row.wrong(column, 'input.number')
  return count
}

function kindOf(row: Row, about: About): { kind: string | null; kindOpen: boolean } {
  const words = row.cell('kind')
  if (words === '') {
    const tagged = partsOf(row.cell('categories')).map((part) => about.kinds.get(plainWords(part)))
    const fits = tagged.find((code) => code !== undefined)
    if (fits !== undefined) return { kind: fits, kindOpen: false }
    const chosen = about.kinds.get(plainWords(about.choices.kind ?? usualKind))
    if (chosen === undefined) row.wrong('kind', 'import.mistake.kind-needed', {}, 'kind')
    return { kind: chosen ?? null, kindOpen: true }
  }
  const found = about.kinds.get(plainWords(words)) ?? readCodes(words, about.kinds).codes[0]
  if (found === undefined) row.wrong('kind', 'import.mistake.kind')
  return { kind: found ?? null, kindOpen: false }
}

function linkOf(row: Row): string | null {
  const words = cleanLine(row.cell('link'))
  if (words === '') return null
  if (words.length > 2000 || !/^https?:\/\/[^\s]+\.[^\s]+$/i.test(words)) row.wrong('link', 'input.url')
  return words
}

function hostOf(row: Row, about: About): string | null {
  const email = cleanLine(row.cell('email')).toLowerCase()
  if (email === '' || !about.organiser) return null
  if (!/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(email))
    row.wrong('email', 'input.email')
  return email
}

function groupOf(row: Row, about: About): string | null {
  const words = row.cell('group')
  if (words === '') return null
  const group = about.groups.get(plainWords(words)) ?? null
  if (group === null) row.wrong('group', 'import.mistake.group')
  return group
}

function bookings(row: Row): boolean {
  const words = row.cell('bookings')
  const takes = words === '' ? true : readYes(words)
  if (takes === null) row.wrong('bookings', 'import.mistake.yes')
  return takes ?? true
}

function dayOf(when: ReturnType<typeof whenOf>): string | null {
  if (when === null || when.timing.timing === 'week') return null
  return when.timing.timing === 'day' ? when.timing.day : when.timing.start.slice(0, 10)
}

const placeWords = (row: Row): string =>
  plainWords((['place', 'where', 'address', 'town'] as const).map((one) => row.cell(one)).join(' '))

/** Reads one row of a file into an activity, or into all that is wrong with it, cell by cell. */
export function readRow(file: FileRow, at: FileContent['at'], about: About): ReadRow {
  const row = new Row(file, at)
  const title = lineOf(row, 'title', 120)
  if (title === '') row.wrong('title', 'input.needed')
  const link = linkOf(row)
  const mode = modeOf(row, link)
  const there = mode === 'in-person' || mode === 'hybrid' ? placeOf(row, about) : null
  const zone = there?.zone ?? (mode === 'in-person' || mode === 'hybrid' ? 'Etc/UTC' : null)
  const when = whenOf(row, zone, about)
  const { kind, kindOpen } = kindOf(row, about)
  const online = mode === 'online' || mode === 'hybrid'
  const description = textOf(row, 'description', 5000)
  // A link to a meeting that is no online one is a page about it: kept where it can be read.
  const about5000 = online || link === null ? description : [description, link].filter(Boolean).join('\n\n')
  const rest = {
    title,
    summary: lineOf(row, 'summary', 300),
    description: about5000,
    joinUrl: online ? link : null,
    joinDetails: online ? textOf(row, 'joining', 1000) || null : null,
    languages: tongues(row, 'languages'),
    access: codesOf(row, 'access', about.access),
    signLanguages: tongues(row, 'sign'),
    arrive: textOf(row, 'arrive', 1000),
    welcome: codesOf(row, 'welcome', about.welcome),
    capacity: countOf(row, 'capacity'),
    onlineCapacity: countOf(row, 'onlineCapacity'),
    takesRsvps: bookings(row),
    group: groupOf(row, about),
    hostName: lineOf(row, 'host', 80),
    hostEmail: hostOf(row, about),
  }
  if (!about.organiser) {
    for (const column of organiserColumns)
      if (row.cell(column) !== '') row.wrong(column, 'import.mistake.organisers-only')
  }
  const whole = row.mistakes.length === 0 && mode !== null && when !== null && kind !== null
  const id = cleanLine(row.cell('id'))
  return {
    line: row.line,
    name: title.slice(0, 120),
    draft: whole ? { ...rest, ...when, kind, kindOpen, mode, place: there?.place ?? null } : null,
    mistakes: row.mistakes,
    calledOff: plainWords(row.cell('status')) === 'cancelled',
    identity:
      id === '' ? `=${plainWords(title)}|${placeWords(row)}|${dayOf(when) ?? row.cell('date')}` : `#${id}`,
  }
}
