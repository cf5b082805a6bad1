/** Answers the ids of the hint and the error of a field for `aria-describedby`, in the order they are read. */
export function describedBy(id: string, hint: string | undefined, error: string | undefined) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

/** Lets a group of answers take the focus when a line of the summary leads to it. */
export const reachable = (error: string | undefined): { tabindex?: number } => (error ? { tabindex: -1 } : {})
