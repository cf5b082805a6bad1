import * as v from 'valibot'
import type { TimingWords } from '#activities/timing.ts'
import { countryCodes } from '#kernel/countries.ts'
import { email, formKey, maybeLine, maybeOneOf, oneOf, ticked, westernDigits } from '#kernel/input.ts'
import { cleanLine } from '#kernel/words.ts'

/** The eight that are drawn; everything else is behind "something else". */
export const firstKinds = 8

/** A time as people write it ("9:30", "14.30", in the digits of their language), as "09:30"; null when left empty. */
const clock = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.transform((words) => westernDigits(cleanLine(words)).replace(/^(\d{1,2})[.:](\d\d)(:00)?$/, '$1:$2')),
  v.maxLength(20, 'input.time'),
  v.transform((words) => (words === '' ? null : words.padStart(5, '0'))),
)
const day = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.transform((words) => westernDigits(cleanLine(words))),
  v.maxLength(20, 'input.day'),
  v.transform((words) => (words === '' ? null : words)),
)

/** The fields of when; a day and a time have each their own day, so that all three stand on one page. */
export const timingFields = {
  when: v.optional(oneOf(['week', 'day', 'time']), 'week'),
  day,
  endDay: day,
  timeDay: day,
  time: clock,
  endTime: clock,
  timeEndDay: day,
  zone: maybeLine(60),
  which: maybeOneOf(['earlier', 'later']),
}
type TimingFields = {
  [Name in keyof typeof timingFields]: v.InferOutput<(typeof timingFields)[Name]>
}

/** Answers what the chosen of the three says; the zone of the place when none was chosen. */
export function timingWords(input: TimingFields, zone: string | null): TimingWords {
  const timed = input.when === 'time'
  return {
    when: input.when,
    day: timed ? input.timeDay : input.day,
    endDay: timed ? input.timeEndDay : input.endDay,
    time: input.time,
    endTime: input.endTime,
    zone: input.zone ?? zone,
    which: input.which,
  }
}

/** Answers the form's own name of a field of when that was wrong. */
export const timingField = (when: TimingFields['when'], field: string): string => {
  if (when !== 'time') return field
  return field === 'day' ? 'timeDay' : field === 'endDay' ? 'timeEndDay' : field
}

/** Where: what stands in the one line, the town chosen when there are several, the country. */
export const whereFields = {
  place: maybeLine(200),
  town: v.pipe(
    maybeLine(12),
    v.check((chosen) => chosen === null || /^(\d{1,9}|other)$/.test(chosen), 'input.choose'),
  ),
  country: maybeOneOf(countryCodes),
  private: ticked,
}

/** When and where alone, read also while something else is wrong. */
export const whenWhereInput = v.object({
  ...timingFields,
  where: v.optional(oneOf(['place', 'online', 'nowhere']), 'place'),
  ...whereFields,
})

/** The four fields, and what is filled in when it is left empty. */
export const sayInput = v.pipe(
  v.object({
    kind: v.pipe(
      v.optional(v.string('input.one-answer'), ''),
      v.minLength(1, 'input.choose'),
      v.maxLength(40, 'input.choose'),
    ),
    otherKind: maybeLine(40),
    ...timingFields,
    where: v.optional(oneOf(['place', 'online', 'nowhere']), 'place'),
    ...whereFields,
    title: maybeLine(120),
    group: maybeLine(80),
    email,
    formKey,
  }),
  v.forward(
    v.partialCheck(
      [['where'], ['place']],
      ({ where, place }) => where !== 'place' || place !== null,
      'say.where.needed',
    ),
    ['place'],
  ),
)
export type SayInput = v.InferOutput<typeof sayInput>
