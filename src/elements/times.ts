/** Answers a moment as somebody elsewhere reads it, or null when their clock shows the same as the host's. */
export function ownTime(utc: string, hostZone: string, ownZone: string, language: string): string | null {
  const moment = new Date(utc)
  if (Number.isNaN(moment.getTime())) return null
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    }).format(moment)
  const day = (timeZone: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(moment)
  if (clock(hostZone) === clock(ownZone)) return null
  const time = { hour: 'numeric', minute: '2-digit' } as const
  const other = day(hostZone) === day(ownZone) ? time : ({ weekday: 'long', ...time } as const)
  return new Intl.DateTimeFormat(language, { timeZone: ownZone, ...other }).format(moment)
}
