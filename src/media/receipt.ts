import * as v from 'valibot'
import { isMessageKey } from '#kernel/messages.ts'
import { mostBytes, mostFiles } from '#kernel/pictures.ts'
import type { Problem } from '#media/picture.ts'

/** A file of a form that was not taken: the how manieth it was, from 1. */
export type NotTaken = Problem & { at: number }
/** What became of the files of a form, and how many there were. Names of files are in it nowhere: they may name people. */
export type Receipt = { received: number; of: number; refused: NotTaken[] }

/** Answers where to go back to: a page of this site only, with the receipt in its address. */
export function returnAddress(back: string, origin: string, receipt: Receipt): string {
  const plain = back.startsWith('/') && URL.canParse(back, origin) ? new URL(back, origin) : null
  const url = plain?.origin === origin ? plain : new URL('/', origin)
  url.searchParams.set('received', String(receipt.received))
  url.searchParams.set('refused', String(receipt.refused.length))
  for (const name of ['of', 'why', 'at']) url.searchParams.delete(name)
  if (receipt.refused.length > 0) url.searchParams.set('of', String(receipt.of))
  for (const { key, at } of receipt.refused.slice(0, mostFiles)) {
    url.searchParams.append('why', key)
    url.searchParams.append('at', String(at))
  }
  return url.pathname + url.search
}

const small = (words: string | null | undefined): number =>
  words !== null && words !== undefined && /^\d{1,3}$/.test(words) ? Number(words) : 0

/** Reads a receipt out of the address of a page; null when there is none. Only sentences about pictures can be put there. */
export function readReceipt(search: URLSearchParams): Receipt | null {
  if (!search.has('received')) return null
  const numbers = search.getAll('at')
  const refused = search.getAll('why').flatMap((key, place): NotTaken[] => {
    if (!key.startsWith('media.') || !isMessageKey(key)) return []
    const most = key === 'media.wrong.count' ? mostFiles : mostBytes / 1024 / 1024
    return [{ key, params: { most }, at: small(numbers[place]) }]
  })
  return {
    received: small(search.get('received')),
    of: small(search.get('of')),
    refused: refused.slice(0, mostFiles),
  }
}

/** The cookie in which the names of files that were not taken go back to the device they came from. */
export const namesCookie = 'not-taken'
/** How long the page can say them, seconds. */
const namesFor = 300
/** Browsers keep no more than 4096 letters in one. */
const mostLetters = 3000

/** Names of files by the how manieth they were. */
export type FileNames = Record<string, string>

/** Answers the header that hands the names of files that were not taken back to whoever sent them, for five minutes and for the pages beside the one they go to; where there are none, one that takes them away. They are kept nowhere here. */
export function namesHeader(names: FileNames, location: string, secure: boolean): string {
  const path = location.replace(/[?#].*$/, '').replace(/\/[^/]*$/, '') || '/'
  let words = '{}'
  const said: FileNames = {}
  for (const [at, name] of Object.entries(names)) {
    said[at] = plainName(name)
    const longer = encodeURIComponent(JSON.stringify(said))
    if (longer.length > mostLetters) break
    words = longer
  }
  const age = Object.keys(names).length === 0 ? 0 : namesFor
  const rest = `Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  return `${namesCookie}=${words}; ${rest}`
}

/** A name without where it lay, without what cannot be seen, and not longer than a line. */
const plainName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '').replaceAll(/\p{C}/gu, '').slice(0, 80).toWellFormed()

const namesIn = v.record(v.pipe(v.string(), v.regex(/^\d{1,3}$/)), v.pipe(v.string(), v.maxLength(200)))

/** Reads the names of files out of the cookie; none when it is not as we wrote it. */
export function readNames(cookie: string | undefined): FileNames {
  try {
    const read = v.safeParse(namesIn, JSON.parse(cookie ?? '{}'))
    return read.success ? read.output : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
