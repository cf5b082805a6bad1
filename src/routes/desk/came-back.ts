import type { FormState } from '../act.ts'

export type QueueRoom = 'activities' | 'stories' | 'replies'

/** What one of the desk's lists is shown with when its form came back: nothing that was ticked, chosen or typed is lost. */
export type CameBack = {
  errors: Record<string, string>
  ticked: readonly string[]
  decision: string | undefined
  reason: string
}

const asSent: CameBack = { errors: {}, ticked: [], decision: undefined, reason: '' }

const all = (form: FormState, name: string): string[] => [form.values[name] ?? []].flat()

/** Answers what came back of the form of one list; the other lists on the page stay as they are. */
export function cameBack(form: FormState | null, room: QueueRoom): CameBack {
  if (form === null || all(form, 'room')[0] !== room) return asSent
  const [decision] = all(form, 'decision')
  const [reason = ''] = all(form, 'reason')
  return { errors: form.errors, ticked: all(form, 'chosen'), decision, reason }
}

/** Answers the mistakes of the list that came back, for the top of the page, each leading to its field. */
export function queueMistakes(form: FormState | null): { field?: string; error: string }[] {
  if (form === null) return []
  const [room = ''] = all(form, 'room')
  const fields = Object.entries(form.errors).map(([field, error]) => ({ field: `${room}-${field}`, error }))
  return [...(form.said ? [{ error: form.said }] : []), ...fields]
}
