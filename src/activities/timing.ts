import type { Timing } from '#activities/activity.ts'
import type { MessageKey, MessageParams } from '#kernel/messages.ts'
import {
  addDays,
  dayBeginsSomewhere,
  dayEndsEverywhere,
  happens,
  instantOf,
  localOf,
  realDay,
  realLocal,
  sayDay,
  zoneOf,
  type Day,
} from '#kernel/times.ts'

/** How many days either side of a week an activity may still belong to it. */
export const softEdge = 30

/** What a form says of when. */
export type TimingWords = {
  when: 'week' | 'day' | 'time'
  day: string | null
  endDay: string | null
  time: string | null
  endTime: string | null
  zone: string | null
  /** Which of the two, when the clocks showed that time twice. */
  which: 'earlier' | 'later' | null
}

/** What is wrong with it, at which field, and what would be right. */
export type TimingMistake = { field: string; key: MessageKey; params: MessageParams }

export type ReadTiming = { timing: Timing; later: boolean } | { mistakes: TimingMistake[] }

type About = {
  monday: Day
  today: Day
  language: string
  /** When it is given, a time that has gone today by its own clock is refused as well, unless it is still on. */
  now?: Date | undefined
}

/** Answers what is wrong with a day; null when nothing is. */
export function wrongDay(words: string | null, field: string, about: About): TimingMistake | null {
  if (words === null) return { field, key: 'say.when.day-needed', params: {} }
  if (!realDay(words)) return { field, key: 'input.day', params: {} }
  const first = addDays(about.monday, -softEdge)
  const last = addDays(about.monday, 6 + softEdge)
  if (words < first || words > last) {
    const params = { from: sayDay(first, about.language, true), to: sayDay(last, about.language, true) }
    return { field, key: 'say.when.outside', params }
  }
  if (words < about.today)
    return { field, key: 'say.when.past', params: { day: sayDay(words, about.language, true) } }
  return null
}

/** Answers a mistake for what is over by its own clock: of an earlier day at the day, of today at the time. */
function readGone(timing: Extract<Timing, { timing: 'time' }>, later: boolean, about: About) {
  const { now, language } = about
  if (now === undefined) return []
  const { starts, ends } = instantsOf(timing, later)
  if (starts >= now || (timing.end !== null && ends > now)) return []
  const day = timing.start.slice(0, 10)
  const mistake: TimingMistake =
    day < localOf(now, timing.zone).slice(0, 10)
      ? { field: 'day', key: 'say.when.past', params: { day: sayDay(day, language, true) } }
      : { field: 'time', key: 'say.when.past-time', params: { time: timing.start.slice(11) } }
  return [mistake]
}

function readClock(words: TimingWords & { day: Day; zone: string }, about: About): ReadTiming {
  const start = `${words.day}T${words.time ?? ''}`
  if (words.time === null || !realLocal(start)) {
    return {
      mistakes: [
        { field: 'time', key: words.time === null ? 'say.when.time-needed' : 'input.time', params: {} },
      ],
    }
  }
  const zone = words.zone
  const times = happens(start, zone)
  if (times === 'never') {
    const next = localOf(instantOf(start, zone), zone).slice(11)
    return { mistakes: [{ field: 'time', key: 'say.when.never', params: { time: words.time, next } }] }
  }
  if (times === 'twice' && words.which === null) {
    return { mistakes: [{ field: 'which', key: 'say.when.twice', params: { time: words.time } }] }
  }
  const endDay = words.endDay ?? words.day
  const end = words.endTime === null ? null : `${endDay}T${words.endTime}`
  if (end !== null && !realLocal(end))
    return { mistakes: [{ field: 'endTime', key: 'input.time', params: {} }] }
  if (end !== null && end <= start)
    return { mistakes: [{ field: 'endTime', key: 'say.when.ends-before', params: {} }] }
  const later = times === 'twice' && words.which === 'later'
  const timing = { timing: 'time', start, end, zone } as const
  const mistakes = readGone(timing, later, about)
  return mistakes.length > 0 ? { mistakes } : { timing, later }
}

/** Reads when something is from the words of a form: days inside the week's soft edges and not past, times that the zone's clocks show. A time that never comes is answered with the next that does; one that comes twice asks which. */
export function readTiming(words: TimingWords, about: About): ReadTiming {
  if (words.when === 'week') return { timing: { timing: 'week' }, later: false }
  const mistakes = [wrongDay(words.day, 'day', about)]
  if (words.endDay !== null) mistakes.push(wrongDay(words.endDay, 'endDay', about))
  const wrong = mistakes.filter((mistake) => mistake !== null)
  const day = words.day ?? ''
  if (wrong.length > 0) return { mistakes: wrong }
  if (words.endDay !== null && words.endDay < day) {
    return { mistakes: [{ field: 'endDay', key: 'say.when.ends-before', params: {} }] }
  }
  if (words.when === 'day') {
    const endDay = words.endDay !== null && words.endDay > day ? words.endDay : null
    return { timing: { timing: 'day', day, endDay }, later: false }
  }
  const zone = zoneOf(words.zone ?? '')
  if (zone === null) return { mistakes: [{ field: 'zone', key: 'say.when.zone', params: {} }] }
  return readClock({ ...words, day, zone }, about)
}

/** One date of an activity as it is kept. */
export type DateRow = {
  originalDay: Day
  startDay: Day
  endDay: Day
  startLocal: string | null
  endLocal: string | null
  starts: Date
  ends: Date
  status: 'on' | 'cancelled'
  moved: boolean
}

/** Answers the one date of a timing, or null for "some time this week". A time without an end counts as an hour; a day without a time as long as it is that day anywhere. */
export function dateOf(timing: Timing, later = false): DateRow | null {
  if (timing.timing === 'week') return null
  const same = { status: 'on' as const, moved: false }
  if (timing.timing === 'day') {
    const endDay = timing.endDay ?? timing.day
    return {
      ...same,
      originalDay: timing.day,
      startDay: timing.day,
      endDay,
      startLocal: null,
      endLocal: null,
      starts: dayBeginsSomewhere(timing.day),
      ends: dayEndsEverywhere(endDay),
    }
  }
  const { starts, ends } = instantsOf(timing, later)
  return {
    ...same,
    originalDay: timing.start.slice(0, 10),
    startDay: timing.start.slice(0, 10),
    endDay: (timing.end ?? timing.start).slice(0, 10),
    startLocal: timing.start,
    endLocal: timing.end,
    starts,
    ends,
  }
}

function instantsOf(
  timing: Extract<Timing, { timing: 'time' }>,
  later: boolean,
): { starts: Date; ends: Date } {
  const starts = instantOf(timing.start, timing.zone, later ? 'later' : 'earlier')
  const ends = timing.end === null ? starts : instantOf(timing.end, timing.zone, 'later')
  return { starts, ends: ends > starts ? ends : new Date(starts.getTime() + 3_600_000) }
}
