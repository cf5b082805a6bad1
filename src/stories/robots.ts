type Rule = { allow: boolean; pattern: string }

/** Whether a path fits a rule of robots.txt: "*" stands for anything, "$" for the end. Walks once through both, for a stranger wrote it. */
function fits(path: string, pattern: string): boolean {
  const exact = pattern.endsWith('$')
  const pieces = (exact ? pattern.slice(0, -1) : pattern).split('*')
  let at = 0
  for (const [index, piece] of pieces.entries()) {
    const last = exact && index === pieces.length - 1
    const found = last && index > 0 ? Math.max(at, path.length - piece.length) : path.indexOf(piece, at)
    if (found < 0 || (index === 0 && found > 0) || !path.startsWith(piece, found)) return false
    at = found + piece.length
  }
  return !exact || at === path.length
}

/** The rules for one reader: of its own group if there is one, else of everybody's. */
function rulesFor(words: string, reader: string): Rule[] {
  const groups = new Map<string, Rule[]>()
  let names: string[] = []
  let naming = false
  for (const line of words.split(/\r\n?|\n/)) {
    const [, field = '', value = ''] = /^\s*([a-z-]{1,20})\s*:\s*([^#]{0,2000})/i.exec(line) ?? []
    const name = field.toLowerCase()
    const said = value.trim()
    if (name === 'user-agent') {
      names = naming ? [...names, said.toLowerCase()] : [said.toLowerCase()]
      naming = true
    } else if (name === 'allow' || name === 'disallow') {
      naming = false
      if (said === '') continue
      for (const one of names)
        groups.set(one, [...(groups.get(one) ?? []), { allow: name === 'allow', pattern: said }])
    }
    for (const one of names) if (!groups.has(one)) groups.set(one, [])
  }
  return groups.get(reader) ?? groups.get('*') ?? []
}

/** Answers whether a site lets a reader of this name read a path, by its robots.txt (RFC 9309): the longest rule counts, and of two as long the kinder. */
export function mayRead(robots: string, reader: string, path: string): boolean {
  const fitting = rulesFor(robots, reader).filter(({ pattern }) => fits(path, pattern))
  const longest = Math.max(0, ...fitting.map(({ pattern }) => pattern.length))
  const deciding = fitting.filter(({ pattern }) => pattern.length === longest)
  return deciding.length === 0 || deciding.some(({ allow }) => allow)
}
