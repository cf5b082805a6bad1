const key = 'abe-photo-names'
const most = 80

type Names = Record<string, string>
type Kept = Pick<Storage, 'getItem' | 'setItem'>

function namesIn(store: Kept | null): Names {
  try {
    const found: unknown = JSON.parse(store?.getItem(key) ?? '{}')
    return typeof found === 'object' && found !== null ? (found as Names) : {}
  } catch {
    // Closed, or not as we wrote it: then no names are known.
    return {}
  }
}

/** Remembers, until this tab is closed, what a file that was sent is called here: names of files are told to nobody. */
export function rememberName(store: Kept | null, id: string, name: string) {
  const all = Object.entries({ ...namesIn(store), [id]: name }).slice(-most)
  try {
    store?.setItem(key, JSON.stringify(Object.fromEntries(all)))
  } catch {
    // Full, or closed: then it is told without its name.
  }
}

/** Answers what files are called that were sent from this tab. */
export const namesOf = (store: Kept | null, ids: readonly string[]): string[] => {
  const names = namesIn(store)
  return ids.flatMap((id) => (typeof names[id] === 'string' ? [names[id]] : []))
}

export function storeOfTab(): Storage | null {
  try {
    return window.sessionStorage
  } catch {
    // Closed to us by the person's own settings.
    return null
  }
}
