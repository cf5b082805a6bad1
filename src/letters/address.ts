import { emsOf } from '#platform/server/typeset/widths.ts'
import { mostLines } from '#letters/envelope.ts'
import { plainWords } from '#kernel/words.ts'

/** A postcode that stands alone: British, Irish, Dutch, Canadian, or digits as in most of the world. */
const postcode =
  /^(?:[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d[\dw] ?[a-z\d]{4}|\d{4} ?[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d|(?:[a-z]{1,2}-)?\d{4,6}(?:-\d{3,4})?)$/i

/** Answers an address that came on one line as the lines it is printed on: parted at its commas, the number of a house beside its street. */
export const partedAddress = (address: string): string[] =>
  address
    .split(/[\n,;]/)
    .flatMap((part) => part.trim() || [])
    .reduce<string[]>((lines, part) => {
      const last = lines.at(-1)
      if (last !== undefined && /^\d+[a-z]?(?: ?[-–] ?\d+[a-z]?)?$/i.test(last))
        lines[lines.length - 1] = `${last} ${part}`
      else lines.push(part)
      return lines
    }, [])

/** Answers whether an address says something already: a part of it is that, or has all of its words together. */
export function saysAlready(lines: readonly string[], words: string): boolean {
  const wanted = plainWords(words).replace(/^the /, '')
  const several = wanted.includes(' ')
  return lines
    .flatMap((line) => [line, ...line.split(',')])
    .map((part) => plainWords(part).replace(/^the /, ''))
    .some((part) => part === wanted || (several && ` ${part} `.includes(` ${wanted} `)))
}

/** The widest line of the block, in ems of its letters: 75 mm of 10 pt. */
const widest = 21.2

const fits = (line: string): boolean => emsOf(line) <= widest

/** Answers an address as it stands in the window: a line that is too wide is broken, and where there are more than four, neighbours share a line, postcode and town first. Nothing of it is left out; null when it cannot be brought into four lines, and needs a sheet of its own. */
export function blockOf(address: readonly string[]): string[] | null {
  let lines = address.flatMap(broken)
  while (lines.length > mostLines) {
    const at = bestJoint(lines)
    if (at === null) return null
    lines = lines.toSpliced(at, 2, joined(lines[at] ?? '', lines[at + 1] ?? ''))
  }
  return lines.every(fits) ? lines : null
}

const joined = (one: string, other: string): string =>
  postcode.test(other) ? `${one} ${other}` : `${one}, ${other}`

/** Whom it is for and the town are kept on lines of their own as long as something else can be joined; of the rest the shortest neighbours go together. */
function bestJoint(lines: readonly string[]): number | null {
  const last = lines.length - 2
  const joints = lines
    .slice(0, -1)
    .map((line, at) => ({ at, line: joined(line, lines[at + 1] ?? '') }))
    .filter(({ line }) => fits(line))
  const code = joints.find(({ at }) => postcode.test(lines[at + 1] ?? ''))
  if (code) return code.at
  const edge = (at: number): number => (at === 0 ? 2 : at === last ? 1 : 0)
  const [best] = joints.toSorted((a, b) => edge(a.at) - edge(b.at) || a.line.length - b.line.length)
  return best?.at ?? null
}

/** A line that is wider than the window, at its last comma or space that fits; one word that is too wide stays. */
function broken(line: string): string[] {
  if (fits(line)) return [line]
  const ends = [...line.matchAll(/, | /g)].map(({ index, 0: gap }) => ({
    index,
    comma: gap !== ' ',
    next: index + gap.length,
  }))
  const within = ends.filter(({ index }) => fits(line.slice(0, index)))
  const end = within.findLast(({ comma }) => comma) ?? within.at(-1)
  return end ? [line.slice(0, end.index), ...broken(line.slice(end.next))] : [line]
}
