import { isMessageKey } from '#kernel/messages.ts'
import { mostBytes, mostFiles } from '#kernel/pictures.ts'
import type { Problem } from '#media/picture.ts'

/** What became of the files of a form. Names of files are in it nowhere: they may name people. */
export type Receipt = { received: number; refused: Problem[] }

/** Answers where to go back to: a page of this site only, with the receipt in its address. */
export function returnAddress(back: string, origin: string, receipt: Receipt): string {
  const plain = back.startsWith('/') && URL.canParse(back, origin) ? new URL(back, origin) : null
  const url = plain?.origin === origin ? plain : new URL('/', origin)
  url.searchParams.set('received', String(receipt.received))
  url.searchParams.set('refused', String(receipt.refused.length))
  url.searchParams.delete('why')
  for (const { key } of receipt.refused.slice(0, mostFiles)) url.searchParams.append('why', key)
  return url.pathname + url.search
}

const small = (words: string | null): number =>
  words !== null && /^\d{1,3}$/.test(words) ? Number(words) : 0

/** Reads a receipt out of the address of a page; null when there is none. Only sentences about pictures can be put there. */
export function readReceipt(search: URLSearchParams): Receipt | null {
  if (!search.has('received')) return null
  const refused = search.getAll('why').flatMap((key): Problem[] => {
    if (!key.startsWith('media.') || !isMessageKey(key)) return []
    const most = key === 'media.wrong.count' ? mostFiles : mostBytes / 1024 / 1024
    return [{ key, params: { most } }]
  })
  return { received: small(search.get('received')), refused: refused.slice(0, mostFiles) }
}
