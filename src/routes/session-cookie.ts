import type { RequestEvent } from '@sveltejs/kit'
import type { SessionCookie } from '#accounts/server/writes/sign-in.ts'

/** Puts the session into the browser, or takes it away: never readable by a script, never sent along from other sites' forms. */
export const keepSession = (event: RequestEvent, cookie: SessionCookie): void =>
  event.cookies.set(cookie.name, cookie.value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: cookie.secure,
    maxAge: cookie.seconds,
  })
