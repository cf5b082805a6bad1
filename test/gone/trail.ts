import type { Site } from '../site.ts'

/** One address that said something of a story, and everything it could be asked again with. */
export type Trace = { path: string; etag: string | null; modified: string | null }

/** Words and ids that nothing but one story has. */
export type Marks = readonly string[]

const linked = /(?:href|src|srcset|content)="([^"]+)"|"(?:url|next|ics)":\s*"([^"]+)"|<link[^>]*>([^<]+)</g

/** The addresses that an answer leads to, on this site. */
function addressesIn(words: string, site: string): string[] {
  const found = [...words.matchAll(linked)].flatMap(([, attribute, field, text]) =>
    (attribute ?? field ?? text ?? '').split(/,\s+/).map((one) => one.trim().split(' ')[0] ?? ''),
  )
  return found.flatMap((one) => {
    const address = URL.parse(one.replaceAll('&amp;', '&'), site)
    return address && address.origin === new URL(site).origin ? [address.pathname + address.search] : []
  })
}

const tells = (words: string, marks: Marks): boolean => marks.some((mark) => words.includes(mark))

/** Walks from the starts along every link that an answer which tells of the story gives, and remembers each address that ever served a word or a byte of it. */
export async function follow(
  site: Pick<Site, 'address'>,
  starts: readonly string[],
  marks: Marks,
): Promise<Trace[]> {
  const waiting = [...starts]
  const seen = new Set<string>()
  const traces: Trace[] = []
  while (waiting.length > 0) {
    const path = waiting.shift() ?? ''
    if (seen.has(path)) continue
    seen.add(path)
    const answer = await fetch(site.address + path, { redirect: 'manual' })
    const body = Buffer.from(await answer.arrayBuffer())
    const told = tells(path, marks) || tells(body.toString(), marks)
    if (answer.status !== 200 || !told) continue
    traces.push({ path, etag: answer.headers.get('etag'), modified: answer.headers.get('last-modified') })
    if ((answer.headers.get('content-type') ?? '').startsWith('image/')) continue
    const further = addressesIn(body.toString(), site.address)
    // The report page only says again what it was asked about.
    const ours = further.filter((one) => !one.startsWith('/report'))
    waiting.push(
      ...ours.filter((one) => tells(one, marks) || /^\/(stories|weeks|activities|groups)/.test(one)),
    )
    if (seen.size > 400) throw new Error('The walk does not end')
  }
  return traces
}

/** Asks each address once more, so that whatever keeps answers has it. */
export async function askAgain(site: Pick<Site, 'address'>, traces: readonly Trace[]): Promise<void> {
  for (const { path } of traces) await (await fetch(site.address + path)).arrayBuffer()
}

/** Every way in which an address can be asked again: whole, its head only, a part, "has it changed", as an older browser, past caches. */
const waysFor = ({ etag, modified }: Trace): RequestInit[] => [
  {},
  { method: 'HEAD' },
  { headers: { range: 'bytes=0-99' } },
  { headers: { range: 'bytes=-1' } },
  { headers: { 'if-none-match': etag ?? '*' } },
  { headers: { 'if-none-match': '*' } },
  ...(modified === null ? [] : [{ headers: { 'if-modified-since': modified } }]),
  { headers: { 'cache-control': 'no-cache', 'accept-encoding': 'identity' } },
  { headers: { 'accept-encoding': 'gzip' } },
]

/** Answers what these addresses still tell of the story, by address and way; nothing when it is gone. Of an address that names the story itself, any success tells; the page about worries answers whatever it is asked about, so of it the words count. */
export async function leftOf(
  site: Pick<Site, 'address'>,
  traces: readonly Trace[],
  marks: Marks,
): Promise<string[]> {
  const left: string[] = []
  for (const trace of traces) {
    const named = tells(trace.path, marks) && !trace.path.startsWith('/safety?')
    for (const way of waysFor(trace)) {
      const answer = await fetch(site.address + trace.path, { redirect: 'manual', ...way })
      const words = Buffer.from(await answer.arrayBuffer()).toString()
      const head = [...answer.headers].flat().join(' ')
      const says = tells(`${words} ${head}`, marks)
      const confirms = named && (answer.ok || answer.status === 304 || answer.status === 416)
      if (says || confirms) left.push(`${answer.status} ${trace.path} ${JSON.stringify(way)}`)
    }
  }
  return left
}
