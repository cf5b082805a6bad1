import type { Cookies, RequestEvent } from '@sveltejs/kit'
import * as v from 'valibot'
import type { Receipt } from '#consent/permission.ts'
import { isMessageKey, type MessageKey } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'

/** A link that ended, was withdrawn or never was: all look alike. */
export const gone = (): Refusal => new Refusal('missing', 'consent.refusal.link')

const cookie = 'gone'
/** How long whoever pressed can look at the receipt again, seconds; for anybody else the link opens nothing from the press on. */
const keptFor = 60 * 60

const key = v.custom<MessageKey>((value) => typeof value === 'string' && isMessageKey(value))
const kept = v.object({
  gone: v.string(),
  within: v.number(),
  asked: v.array(key),
  unreachable: v.array(key),
})
export type KeptReceipt = v.InferOutput<typeof kept>

/** Lets whoever pressed see what was done, on this device. */
export function keepReceipt({ cookies, params, url }: RequestEvent, receipt: Receipt): void {
  const { within, asked, unreachable } = receipt
  const words = JSON.stringify({ gone: receipt.gone.toISOString(), within, asked, unreachable })
  cookies.set(cookie, words, {
    path: `/consent/${params['token']}`,
    maxAge: keptFor,
    httpOnly: true,
    sameSite: 'strict',
    secure: url.protocol === 'https:',
  })
}

/** Answers the receipt of whoever pressed, or null. */
export function receiptIn(cookies: Cookies): KeptReceipt | null {
  try {
    const read = v.safeParse(kept, JSON.parse(cookies.get(cookie) ?? 'null'))
    return read.success ? read.output : null
  } catch {
    // A cookie that we have not written.
    return null
  }
}
