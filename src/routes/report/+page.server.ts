import { carried, concernForm, pictureOf, subjectOf, type Subject } from '#desk/concern.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { textIn } from '#kernel/messages.ts'
import { sayAbout } from '../about.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** Says what nobody sees any more: an address, or a reply, which has none. */
const sayGone = ({ language }: App.Locals, { room, slug }: Subject): string =>
  room === 'replies' ? textIn(language)('report.about-reply') : `/${room}/${slug}`

/** Since when it is gone, as the address of the answer says; the same whether anything was there. */
const momentIn = (said: string | null): string | null =>
  said !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(said) ? said : null

/** Which page of ours somebody comes from, as far as anybody may know of it; the page about worries says which it was asked from. */
function cameFrom({ origin }: URL, referer: string | null): string {
  const from = URL.canParse(referer ?? '') ? new URL(referer ?? '') : null
  if (from?.origin !== origin) return ''
  const about = from.pathname === '/safety' ? from.searchParams.get('about') : null
  return about !== null && subjectOf(about) ? about : carried(from.pathname)
}

export const load: PageServerLoad = async ({ locals, url, request }) => {
  // Whoever comes from a page of ours means that page, unless the address says so itself.
  const about = url.searchParams.get('about') ?? cameFrom(url, request.headers.get('referer'))
  const said = url.searchParams.get('gone')
  const gone = subjectOf(said)
  const picture = pictureOf(said)
  return {
    formKey: crypto.randomUUID(),
    about: about.slice(0, 500),
    aboutWords: await sayAbout(locals, about),
    known: subjectOf(about) !== null || pictureOf(about) !== null,
    done: url.searchParams.get('done'),
    gone: gone ? sayGone(locals, gone) : picture && `/media/${picture}`,
    within: gone?.room === 'activities' ? null : staleSeconds,
    since: momentIn(url.searchParams.get('since')),
    unread: url.searchParams.has('unread'),
  }
}

export const actions: Actions = {
  default: (event) =>
    act(
      concernForm,
      (db, viewer, input, now) =>
        raiseConcern(db, viewer, { ...input, client: event.getClientAddress() }, now),
      ({ door, gone, unread }) => {
        const since = event.locals.now.toISOString()
        const more = { ...(gone && { gone, since }), ...(unread && { unread: '' }) }
        const said = new URLSearchParams({ done: door, ...more })
        return `/report?${said}`
      },
    )(event),
}
