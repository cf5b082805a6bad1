import * as v from 'valibot'
import { accessCodes, modes, rhythms, welcomeCodes, type Series } from '#activities/activity.ts'
import { languageRead } from '#activities/filter.ts'
import { timingFields, whereFields } from '#activities/form.ts'
import { anyOf, line, maybeLine, maybeOneOf, maybeText, maybeUrl, maybeWhole, oneOf } from '#kernel/input.ts'
import { ticked } from '#kernel/input.ts'
import { realDay, sayCountry, type Day, type Local } from '#kernel/times.ts'

/** Sign languages that can be chosen, by their codes (ISO 639-3). */
export const signCodes = [
  ...([
    'bfi',
    'isg',
    'ase',
    'asf',
    'nzs',
    'dsl',
    'dse',
    'fsl',
    'gsg',
    'ise',
    'nsl',
    'pso',
    'ssp',
    'swl',
  ] as const),
]
/** Languages that are offered; others that an activity has stay with it. */
export const languageCodes: readonly string[] =
  'en cy ga gd fr de es pt it nl da sv nb fi is pl cs sk hu ro bg el uk ru tr ar he fa ur hi bn pa gu ta so zh ja ko vi'.split(
    ' ',
  )

const codes = (pattern: RegExp) =>
  v.pipe(
    v.optional(v.union([v.array(v.string()), v.string()], 'input.choose'), []),
    v.transform((value) => [...new Set([value].flat().filter((code) => code !== ''))]),
    v.maxLength(60, 'input.choose'),
    v.check((all) => all.every((code) => pattern.test(code)), 'input.choose'),
  )
const day = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.check((words) => words === '' || realDay(words), 'input.day'),
  v.transform((words): Day | null => (words === '' ? null : words)),
)

/** When, with its repeats: what is compared to know whether somebody changed it. */
const whenFields = {
  ...timingFields,
  every: maybeOneOf([...rhythms, 'dates']),
  until: day,
  dates: v.pipe(
    maybeText(2000),
    v.transform((words) => (words ?? '').split(/[\s,;]+/).filter(Boolean)),
    v.maxLength(60, 'edit.series.too-many'),
    v.check((days) => days.every(realDay), 'input.day'),
  ),
}
export const whenInput = v.object(whenFields)
export type WhenInput = v.InferOutput<typeof whenInput>

export const revision = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.regex(/^\d{1,9}$/, 'input.choose'),
  v.transform(Number),
)

/** Fields of the form that only make sense with one another: of two people's changes one whole counts. */
export const standTogether = [
  Object.keys(whenFields),
  ['place', 'placeName', 'address'],
  ['capacity', 'onlineCapacity'],
] as const

/** Everything of an activity that its host can change. */
export const editInput = v.pipe(
  v.object({
    token: v.pipe(v.string(), v.maxLength(200, 'refusal.link')),
    revision,
    kind: line(40),
    title: line(120),
    summary: maybeLine(300),
    description: maybeText(5000),
    ...whenFields,
    mode: oneOf(modes),
    ...whereFields,
    placeName: maybeLine(120),
    address: maybeLine(200),
    placeDetails: maybeText(1000),
    joinUrl: maybeUrl,
    joinDetails: maybeText(1000),
    languages: v.pipe(
      codes(/^[A-Za-z0-9-]{1,40}$/),
      v.transform((tags) => tags.map(languageRead)),
      v.check((tags) => tags.every((tag) => tag !== undefined), 'input.choose'),
      v.transform((tags) => [...new Set(tags.filter((tag) => tag !== undefined))]),
    ),
    access: anyOf(accessCodes),
    signLanguages: codes(/^[a-z]{3}$/),
    arrive: maybeText(1000),
    welcome: anyOf(welcomeCodes),
    audiences: codes(/^[a-z0-9-]{1,60}$/),
    capacity: maybeWhole(1, 100_000),
    onlineCapacity: maybeWhole(1, 100_000),
    takesRsvps: ticked,
    asksFirst: ticked,
    group: maybeLine(80),
    hostName: maybeLine(80),
  }),
  v.forward(
    v.partialCheck(
      [['mode'], ['place']],
      ({ mode, place }) => place !== null || (mode !== 'in-person' && mode !== 'hybrid'),
      'say.where.needed',
    ),
    ['place'],
  ),
  v.forward(
    v.partialCheck(
      [['when'], ['every']],
      ({ when, every }) => every === null || when !== 'week',
      'edit.series.week',
    ),
    ['every'],
  ),
  v.forward(
    v.partialCheck(
      [['every'], ['until']],
      ({ every, until }) => every === null || every === 'dates' || until !== null,
      'say.when.day-needed',
    ),
    ['until'],
  ),
)
export type EditInput = v.InferOutput<typeof editInput>

/** Answers the series that a form says, or null for a single date. */
export function seriesOf({
  every,
  until,
  dates,
}: Pick<WhenInput, 'every' | 'until' | 'dates'>): Series | null {
  if (every === 'dates') return dates.length > 0 ? { dates } : null
  return every !== null && until !== null ? { every: every, until } : null
}

type Values = Record<string, string | string[]>
type WhenRow = {
  timing: string
  startDay: Day | null
  endDay: Day | null
  startLocal: Local | null
  endLocal: Local | null
  zone: string | null
  series: unknown
}

/** Answers the fields of when as a form shows them. `which` stands where the clocks show the time twice. */
export function whenValues(row: WhenRow, which: 'earlier' | 'later' | null): Values {
  const series = row.series as Series | null
  const timed = row.startLocal !== null
  const endDay = row.endLocal?.slice(0, 10) ?? ''
  return {
    when: row.timing,
    day: timed ? '' : (row.startDay ?? ''),
    endDay: timed ? '' : (row.endDay ?? ''),
    timeDay: row.startLocal?.slice(0, 10) ?? '',
    time: row.startLocal?.slice(11, 16) ?? '',
    endTime: row.endLocal?.slice(11, 16) ?? '',
    timeEndDay: endDay === row.startLocal?.slice(0, 10) ? '' : endDay,
    zone: timed ? (row.zone ?? '') : '',
    which: which ?? '',
    every: series === null ? '' : 'dates' in series ? 'dates' : series.every,
    until: series !== null && 'until' in series ? series.until : '',
    dates: series !== null && 'dates' in series ? series.dates.join('\n') : '',
  }
}

/** Answers the line of where as a form shows it: "Leeds, United Kingdom". */
export const townLine = (row: { town: string | null; country: string | null }, language: string): string =>
  [row.town, row.country && sayCountry(row.country, language)].filter(Boolean).join(', ')

/** The columns whose change matters to a calendar: its entry gets a new number. */
export const calendarFields: readonly string[] = [
  'title',
  'timing',
  'startDay',
  'endDay',
  'startLocal',
  'endLocal',
  'zone',
  'series',
  'mode',
  'placeName',
  'address',
  'town',
  'country',
  'placeDetails',
  'joinUrl',
  'joinDetails',
  'access',
]

/** Answers what is different: field → [old, new]. Lists are compared in their order. */
export function difference(
  old: Record<string, unknown>,
  changed: Record<string, unknown>,
): Record<string, [unknown, unknown]> {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
  return Object.fromEntries(
    Object.entries(changed)
      .filter(([field, value]) => !same(old[field], value))
      .map(([field, value]) => [field, [old[field] ?? null, value ?? null]]),
  )
}

/** One date of a series: skip it, let it happen after all, or move it to a day (and a time). */
export const changeOfDate = v.pipe(
  v.object({
    token: v.pipe(v.string(), v.maxLength(200, 'refusal.link')),
    date: v.pipe(v.optional(v.string('input.one-answer'), ''), v.uuid('input.choose')),
    step: oneOf(['skip', 'on', 'move']),
    day,
    time: timingFields.time,
  }),
  v.forward(
    v.partialCheck(
      [['step'], ['day']],
      (input) => input.step !== 'move' || input.day !== null,
      'say.when.day-needed',
    ),
    ['day'],
  ),
)
