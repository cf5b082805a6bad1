export interface DraftField {
  name: string
  type: string
  value: string
  checked: boolean
}

export interface Draft {
  /** When it was last typed in, in milliseconds. */
  typed: number
  /** The form went off; the next page tells whether it arrived. */
  sent: boolean
  values: Record<string, string[]>
}

const never = new Set(['password', 'hidden', 'file', 'submit', 'button', 'reset', 'image'])
const thirtyDays = 30 * 24 * 60 * 60 * 1000

/** Answers whether what is typed in a field may stay on the device; an e-mail address only when asked to. */
export const mayKeep = ({ name, type }: { name: string; type: string }, email: boolean) =>
  name !== '' && !never.has(type) && (email || (type !== 'email' && !/e-?mail/i.test(name)))

/** Answers what to keep of a form. Boxes keep the values that are ticked, so that none ticked is remembered too. */
export function draftOf(fields: readonly DraftField[], email: boolean, now: number): Draft {
  const values: Record<string, string[]> = {}
  for (const field of fields) {
    if (!mayKeep(field, email)) continue
    const list = (values[field.name] ??= [])
    if ((field.type !== 'checkbox' && field.type !== 'radio') || field.checked) list.push(field.value)
  }
  return { typed: now, sent: false, values }
}

/** Answers a stored draft, or null when it is too old or is not one. */
export function draftFrom(stored: string | null, now: number): Draft | null {
  if (stored === null) return null
  const draft: unknown = parsed(stored)
  if (typeof draft !== 'object' || draft === null || !('values' in draft) || !('typed' in draft)) return null
  const { typed, values } = draft
  if (typeof typed !== 'number' || now - typed > thirtyDays || typeof values !== 'object' || values === null)
    return null
  const lists = Object.entries(values).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]))
  return { typed, sent: 'sent' in draft && draft.sent === true, values: Object.fromEntries(lists) }
}

function parsed(stored: string): unknown {
  try {
    return JSON.parse(stored)
  } catch {
    // Not as we wrote it: no draft.
    return null
  }
}

/** Answers whether a sent draft can go: its form is not on the page that came after. */
export const arrived = (draft: Draft, name: string, namesHere: readonly string[]) =>
  draft.sent && !namesHere.includes(name)
