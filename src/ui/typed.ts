type Values = Record<string, string | string[]>

/** Answers what a field holds: what was typed when a form came back, else what is kept. */
export const typedOr =
  (typed: Values | undefined, kept: Record<string, unknown> = {}) =>
  (name: string): string | undefined => {
    const value = typed ? typed[name] : kept[name]
    if (Array.isArray(value)) return value.at(-1)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }

/** Answers the mistakes of a form as a list for its top, the whole form's sentence first. */
export const mistakesOf = (
  form: { errors: Record<string, string>; said: string | null } | null | undefined,
): { field?: string; error: string }[] => [
  ...(form?.said ? [{ error: form.said }] : []),
  ...Object.entries(form?.errors ?? {}).map(([field, error]) => ({ field, error })),
]
