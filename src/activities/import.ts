import * as v from 'valibot'
import { modes, type Mode } from '#activities/activity.ts'
import { dateOrders, lettersOf, type DateOrder } from '#activities/import-cells.ts'
import { mostBytes, type Column, type FileContent, type FileRow } from '#activities/import-columns.ts'
import type { TownAnswers } from '#activities/import-where.ts'
import type { NewActivity } from '#activities/say.ts'
import { formKey, maybeLine, maybeOneOf, ticked } from '#kernel/input.ts'
import type { MessageKey, MessageParams, Language } from '#kernel/messages.ts'
import { zoneOf, type Day } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

export const importStates = ['reading', 'failed', 'previewed', 'doing', 'done', 'undoing', 'undone'] as const
export type ImportState = (typeof importStates)[number]

/** What a row would do. */
export const rowActions = ['new', 'changed', 'same', 'called-off', 'taken-down', 'mistake'] as const
export type RowAction = (typeof rowActions)[number]

/** What is asked once for the whole file, when the file leaves it open. */
export type Choices = {
  dates: DateOrder | null
  zone: string | null
  kind: string | null
  /** Places whose row does not say: everybody sees the town only. */
  private: boolean
}
export const noChoices: Choices = { dates: null, zone: null, kind: null, private: true }
export type Question = 'dates' | 'zone' | 'kind'

/** The kind of rows that name none, as long as no other is chosen for the file. */
export const usualKind = 'other'

/** What is wrong in one cell: where it stands, what stands there, what would be right. */
export type Mistake = {
  column: Column | null
  /** "C5" in a table. */
  at: string | null
  cell: string
  key: MessageKey
  params: MessageParams
  /** It goes away when this is answered for the whole file. */
  asks?: Question
}

/** What a row says, ready to be placed. */
export type Draft = Pick<
  NewActivity,
  | 'kind'
  | 'title'
  | 'summary'
  | 'description'
  | 'mode'
  | 'timing'
  | 'later'
  | 'series'
  | 'changes'
  | 'place'
  | 'joinUrl'
  | 'joinDetails'
  | 'languages'
  | 'access'
  | 'signLanguages'
  | 'arrive'
  | 'welcome'
  | 'capacity'
  | 'onlineCapacity'
  | 'takesRsvps'
  | 'group'
  | 'hostName'
> & {
  hostEmail: string | null
  /** Its row names no kind: it has the one chosen for the file. */
  kindOpen: boolean
}

/** What reading a row needs to know. */
export type About = {
  monday: Day
  now: Date
  /** The day it still is in the last place on Earth. */
  today: Day
  language: Language
  /** Plain names and codes of the week's kinds, of access, of who is welcome, of groups: each to its code. */
  kinds: ReadonlyMap<string, string>
  access: ReadonlyMap<string, string>
  welcome: ReadonlyMap<string, string>
  groups: ReadonlyMap<string, string>
  towns: TownAnswers
  choices: Choices
  /** Whether the columns that only organisers may use are read. */
  organiser: boolean
}

/** Notes mistakes of one row at their cells. */
export class Row {
  readonly mistakes: Mistake[] = []
  readonly line: number
  readonly #cells: FileRow['cells']
  readonly #at: FileContent['at']

  constructor(row: FileRow, at: FileContent['at']) {
    this.line = row.line
    this.#cells = row.cells
    this.#at = at
  }

  cell(column: Column): string {
    return this.#cells[column] ?? ''
  }

  /** It came from a calendar, whose own rule is that a time which comes twice is the first (RFC 5545, 3.3.5). */
  get fromCalendar(): boolean {
    return Object.keys(this.#at).length === 0
  }

  wrong(column: Column, key: MessageKey, params: MessageParams = {}, asks?: Question): void {
    const place = this.#at[column]
    this.mistakes.push({
      column,
      at: place === undefined ? null : `${lettersOf(place)}${this.line}`,
      cell: this.cell(column).slice(0, 60),
      key,
      params,
      ...(asks && { asks }),
    })
  }
}

const modeNames = new Map<string, Mode>([
  ...modes.map((mode) => [plainWords(mode), mode] as const),
  ...Object.entries({
    yes: 'online',
    no: 'in-person',
    'at a place': 'in-person',
    place: 'in-person',
    'in a place': 'in-person',
    'a place or a town': 'in-person',
    person: 'in-person',
    'face to face': 'in-person',
    onsite: 'in-person',
    virtual: 'online',
    zoom: 'online',
    teams: 'online',
    both: 'hybrid',
    'in a place and online': 'hybrid',
    'a place and online': 'hybrid',
    'online and in person': 'hybrid',
    'in person and online': 'hybrid',
    anywhere: 'nowhere',
    'nowhere special': 'nowhere',
    'nowhere in particular': 'nowhere',
    none: 'nowhere',
  } satisfies Record<string, Mode>),
])
/** Reads how somebody can be there; null when the words say none of it. */
export const readMode = (words: string): Mode | null => modeNames.get(plainWords(words)) ?? null

/** The fields of the upload form, besides the file itself. */
export const importInput = v.object({
  address: v.pipe(
    maybeLine(2000),
    v.check(
      (address) => address === null || /^(https?|webcal):\/\/[^\s/]+\.[^\s]+$/i.test(address),
      'input.url',
    ),
    v.transform((address) => address?.replace(/^webcal:/i, 'https:') ?? null),
  ),
  formKey,
})

const importId = v.pipe(v.string('input.choose'), v.uuid('input.choose'))
export const choicesInput = v.object({
  id: importId,
  dates: maybeOneOf(dateOrders),
  zone: v.pipe(
    maybeLine(60),
    v.check((zone) => zone === null || zoneOf(zone) !== null, 'say.when.zone'),
    v.transform((zone) => (zone === null ? null : zoneOf(zone))),
  ),
  kind: maybeLine(40),
  private: ticked,
})
export const doInput = v.object({
  id: importId,
  /** Positions of rows that may be there already and are left out. */
  leave: v.pipe(
    v.optional(v.union([v.array(v.string()), v.string()], 'input.choose'), []),
    v.transform((value) => [value].flat()),
    v.check((all) => all.length <= 10_000 && all.every((one) => /^\d{1,5}$/.test(one)), 'input.choose'),
    v.transform((all) => all.map(Number)),
  ),
  /** The hosts whom the file names are sent their links. */
  tellHosts: ticked,
  formKey,
})
export const undoInput = v.object({ id: importId, formKey })

/** What somebody gives: a file with its name, or an address that a calendar is fetched from. */
export type Given = {
  file: { name: string; bytes: Uint8Array } | null
  address: string | null
  formKey: string
}

/** The largest file in whole megabytes, as it is said. */
export const mostMegabytes = mostBytes / 1024 / 1024

/** Answers how alike two titles are, 0 to 1: the share of letter pairs they have in common. */
export function likeness(one: string, other: string): number {
  const pairs = (words: string): string[] => {
    const plain = plainWords(words)
    return Array.from({ length: Math.max(0, plain.length - 1) }, (_, at) => plain.slice(at, at + 2))
  }
  const [left, right] = [pairs(one), pairs(other)]
  if (left.length === 0 || right.length === 0) return plainWords(one) === plainWords(other) ? 1 : 0
  const rest = new Map<string, number>()
  for (const pair of right) rest.set(pair, (rest.get(pair) ?? 0) + 1)
  let same = 0
  for (const pair of left) {
    const count = rest.get(pair) ?? 0
    if (count > 0) same += 1
    rest.set(pair, count - 1)
  }
  return (2 * same) / (left.length + right.length)
}

/** From here on two titles of one day and town may mean the same activity. */
export const alike = 0.6
