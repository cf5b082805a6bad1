import { concernForm, pictureOf, subjectOf } from '#desk/concern.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ url, request }) => {
  // Whoever comes from a page of ours means that page, unless the address says so itself.
  const from = request.headers.get('referer') ?? ''
  const about = url.searchParams.get('about') ?? (from.startsWith(url.origin) ? new URL(from).pathname : '')
  const said = url.searchParams.get('gone')
  const gone = subjectOf(said)
  const picture = pictureOf(said)
  return {
    formKey: crypto.randomUUID(),
    about: about.slice(0, 500),
    known: subjectOf(about) !== null || pictureOf(about) !== null,
    done: url.searchParams.get('done'),
    gone: gone ? `/${gone.room}/${gone.slug}` : picture && `/media/${picture}`,
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
        const said = new URLSearchParams({ done: door, ...(gone && { gone }), ...(unread && { unread: '' }) })
        return `/report?${said}`
      },
    )(event),
}
