import { activityPage } from '#activities/server/reads/one.ts'
import { concernForm, pictureOf, subjectOf, type Subject } from '#desk/concern.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** Says which page is meant as a person would: its title where anybody may read it, else its address. */
async function sayAbout({ db, now, language }: App.Locals, about: string): Promise<string> {
  const thing = subjectOf(about)
  if (!thing) return pictureOf(about) === null ? about : textIn(language)('report.about-picture')
  const { room, slug } = thing
  if (room === 'replies') return textIn(language)('report.about-reply')
  if (room === 'stories') return (await storyBySlug(db, slug, now))?.title ?? `/stories/${slug}`
  const page = await activityPage(db, slug, now).catch((error: unknown) => {
    if (error instanceof Refusal) return null
    throw error
  })
  return page?.title ?? `/activities/${slug}`
}

/** Says what nobody sees any more: an address, or a reply, which has none. */
const sayGone = ({ language }: App.Locals, { room, slug }: Subject): string =>
  room === 'replies' ? textIn(language)('report.about-reply') : `/${room}/${slug}`

/** Since when it is gone, as the address of the answer says; the same whether anything was there. */
const momentIn = (said: string | null): string | null =>
  said !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(said) ? said : null

export const load: PageServerLoad = async ({ locals, url, request }) => {
  // Whoever comes from a page of ours means that page, unless the address says so itself.
  const from = request.headers.get('referer') ?? ''
  const about = url.searchParams.get('about') ?? (from.startsWith(url.origin) ? new URL(from).pathname : '')
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
