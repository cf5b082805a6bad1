import type { MessageKey, MessageParams } from '#kernel/messages.ts'

export type RefusalKind = 'forbidden' | 'missing' | 'conflict' | 'too-often' | 'invalid'

const statuses: Record<RefusalKind, number> = {
  forbidden: 403,
  missing: 404,
  conflict: 409,
  'too-often': 429,
  invalid: 400,
}

/** A "no" that a person may read: the sentence to say, and whether anything was kept. The only thing thrown on purpose. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly key: MessageKey
  readonly params: MessageParams
  /** The field the "no" belongs to, when it belongs to one. */
  readonly field: string | undefined
  /** What else is wrong, each at a field of its own. */
  readonly others: readonly Refusal[] = []

  constructor(kind: RefusalKind, key: MessageKey, params: MessageParams = {}, field?: string) {
    super(`${kind}: ${key}`)
    this.name = 'Refusal'
    this.kind = kind
    this.key = key
    this.params = params
    this.field = field
  }

  /** The HTTP status that says the same. */
  get status(): number {
    return statuses[this.kind]
  }
}

/** Throws the first of some refusals with the others beside it; does nothing when there is none. */
export function refuseAll([first, ...others]: readonly Refusal[]): void {
  if (first) throw Object.assign(new Refusal(first.kind, first.key, first.params, first.field), { others })
}

/** Answers the same for "not there" and "not yours", so that nobody learns which. */
export const missing = (): Refusal => new Refusal('missing', 'refusal.missing')
