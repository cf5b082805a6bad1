import { sayCode, sayTongue } from '#activities/filter-words.ts'
import type { Series } from '#activities/activity.ts'
import type { Saying } from '#activities/when.ts'
import { isMessageKey, type MessageKey } from '#kernel/messages.ts'
import { realDay, realLocal, sayCountry, sayDay, sayTime } from '#kernel/times.ts'

/** Names that only the database knows, by code or id. */
export type FieldNames = Record<'kind' | 'group' | 'audiences', Readonly<Record<string, string>>>

/** Columns that a form has under another name. */
const asForm: Record<string, string> = {
  privatePlace: 'private',
  town: 'place',
  timing: 'when',
  startDay: 'day',
  startLocal: 'time',
  endLocal: 'endTime',
  series: 'every',
  occurrences: 'dates',
}
/** Columns that follow from others, and say nothing to a person. */
const follow = new Set(['lat', 'lon', 'publicLat', 'publicLon', 'sortStart', 'lastEnd'])

const modes: Record<string, MessageKey> = {
  'in-person': 'say.where.place',
  online: 'say.where.online',
  hybrid: 'edit.form.hybrid',
  nowhere: 'say.where.nowhere',
}
const rhythms: Record<string, MessageKey> = {
  week: 'edit.series.weekly',
  fortnight: 'edit.series.fortnightly',
  month: 'edit.series.monthly',
  dates: 'edit.series.dates',
}
const keyed: Record<string, Record<string, MessageKey>> = {
  mode: modes,
  every: rhythms,
  when: { week: 'say.when.week', day: 'say.when.day', time: 'say.when.time' },
  which: { earlier: 'say.when.earlier', later: 'say.when.later' },
}
const yesOrNo = new Set(['private', 'takesRsvps', 'asksFirst', 'exact'])

/** Answers what a field or a column of an activity is called. */
export function sayField(field: string, { text }: Saying): string {
  const key = `edit.field.${asForm[field] ?? field}`
  return isMessageKey(key) ? text(key) : field
}

function sayOne(field: string, value: string, names: FieldNames, say: Saying): string {
  const { text, language } = say
  const key = keyed[field]?.[value]
  if (key !== undefined) return text(key)
  switch (field) {
    case 'access':
    case 'welcome':
      return sayCode(field, value, text)
    case 'languages':
    case 'signLanguages':
      return sayTongue(value, text, language)
    case 'country':
      return sayCountry(value, language)
    case 'kind':
    case 'group':
    case 'audiences':
      return names[field][value] ?? value
    default:
      return sayMoment(value, say)
  }
}

function sayMoment(value: string, { text, language }: Saying): string {
  const [moment = '', status] = value.split(' ')
  const day = moment.slice(0, 10)
  if (!realDay(day) || (moment !== day && !realLocal(moment))) return value
  const date = sayDay(day, language, true)
  const said = moment === day ? date : text('when.time', { day: date, time: sayTime(moment) })
  return status === 'cancelled' ? text('edit.value.skipped', { when: said }) : said
}

function saySeries(series: Series, say: Saying): string {
  if ('dates' in series)
    return sayList(
      series.dates.map((day) => sayMoment(day, say)),
      say,
    )
  const until = sayDay(series.until, say.language, true)
  return say.text('edit.value.until', {
    every: say.text(rhythms[series.every] ?? 'edit.series.dates'),
    until,
  })
}

const sayList = (parts: readonly string[], { language }: Saying): string =>
  new Intl.ListFormat(language === 'en' ? 'en-GB' : language).format(parts)

type KeptDate = { startDay: string; startLocal: string | null; status: string }
const isKept = (value: unknown): value is KeptDate =>
  typeof value === 'object' && value !== null && 'startDay' in value && 'status' in value

/** Says what stands in a field or a column of an activity as a person would: words for codes, days for dates, yes and no for ticks. */
export function sayValue(field: string, value: unknown, names: FieldNames, say: Saying): string {
  const known = asForm[field] ?? field
  if (yesOrNo.has(known))
    return say.text(value === true || value === 'yes' ? 'edit.value.yes' : 'edit.value.no')
  if (value === null || value === undefined || value === '') return say.text('edit.value.nothing')
  if (Array.isArray(value)) {
    const parts = value.map((one: unknown) =>
      isKept(one)
        ? sayMoment(`${one.startLocal ?? one.startDay} ${one.status}`, say)
        : sayValue(field, one, names, say),
    )
    return parts.length === 0 ? say.text('edit.value.nothing') : sayList(parts, say)
  }
  if (typeof value === 'object') return saySeries(value as Series, say)
  return typeof value === 'string' ? sayOne(known, value, names, say) : JSON.stringify(value)
}

/** Says a difference field by field, without what follows from the rest. */
export const sayDifference = (
  diff: Readonly<Record<string, readonly [unknown, unknown]>>,
  names: FieldNames,
  say: Saying,
): { field: string; before: string; after: string }[] =>
  Object.entries(diff)
    .filter(([field]) => !follow.has(field) && !(field === 'startDay' && 'startLocal' in diff))
    .map(([field, [before, after]]) => ({
      field: sayField(field, say),
      before: sayValue(field, before, names, say),
      after: sayValue(field, after, names, say),
    }))
