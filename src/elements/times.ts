/** Answers a moment as somebody elsewhere reads it, written as the page writes times ("17:30"), or null when their clock shows the same as the host's. */
export function ownTime(utc: string, hostZone: string, ownZone: string, language: string): string | null {
  const moment = new Date(utc)
  if (Number.isNaN(moment.getTime())) return null
  const clock = (timeZone: string): string =>
    new Intl.DateTimeFormat('sv', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    }).format(moment)
  const [host, own] = [clock(hostZone), clock(ownZone)]
  if (host === own) return null
  const time = own.slice(11)
  if (host.slice(0, 10) === own.slice(0, 10)) return time
  const weekday = new Intl.DateTimeFormat(language, { timeZone: ownZone, weekday: 'long' }).format(moment)
  return `${weekday} ${time}`
}
