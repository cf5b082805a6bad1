import { randomBytes } from 'node:crypto'
import type { Cookies, RequestEvent } from '@sveltejs/kit'

const name = 'likes'
const year = 365 * 24 * 3600

/** Answers the random word by which this browser's likes are known; null before the first. */
export function browserThatLikes(cookies: Cookies): string | null {
  const word = cookies.get(name) ?? ''
  return /^[A-Za-z0-9_-]{22}$/.test(word) ? word : null
}

/** Gives this browser the random word by which its likes are one of each story; nothing else is kept of it. */
export function newBrowser({ cookies, url }: Pick<RequestEvent, 'cookies' | 'url'>): string {
  const word = randomBytes(16).toString('base64url')
  cookies.set(name, word, {
    path: '/stories',
    maxAge: year,
    httpOnly: true,
    sameSite: 'lax',
    secure: url.protocol === 'https:',
  })
  return word
}
