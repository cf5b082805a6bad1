import type { Text } from '#kernel/messages.ts'

/** Says how long something has waited: minutes under an hour, hours under two days, then days. */
export function sayAge(since: Date, now: Date, text: Text): string {
  const minutes = Math.max(0, Math.round((now.getTime() - since.getTime()) / 60_000))
  if (minutes < 60) return text('desk.age.minutes', { count: minutes })
  if (minutes < 2880) return text('desk.age.hours', { count: Math.round(minutes / 60) })
  return text('desk.age.days', { count: Math.round(minutes / 1440) })
}
