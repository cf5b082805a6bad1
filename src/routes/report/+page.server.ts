import { concernForm, subjectOf } from '#desk/concern.ts'
import { raiseConcern } from '#desk/server/writes.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ url, request }) => {
  // Whoever comes from a page of ours means that page, unless the address says so itself.
  const from = request.headers.get('referer') ?? ''
  const about = url.searchParams.get('about') ?? (from.startsWith(url.origin) ? new URL(from).pathname : '')
  return {
    formKey: crypto.randomUUID(),
    about: about.slice(0, 500),
    known: subjectOf(about) !== null,
    done: url.searchParams.get('done'),
    hid: url.searchParams.get('hid') === 'yes',
    unread: url.searchParams.has('unread'),
  }
}

export const actions: Actions = {
  default: act(
    concernForm,
    raiseConcern,
    ({ hid, door, unread }) => `/report?done=${door}&hid=${hid ? 'yes' : 'no'}${unread ? '&unread' : ''}`,
  ),
}
