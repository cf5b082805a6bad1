import { standingOf } from '#consent/server/reads/standing.ts'
import { countryChoices } from '#kernel/countries.ts'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { articleOf } from '#stories/article.ts'
import { cardOfLink } from '#stories/linked-post.ts'
import { ownStory, type OwnStory } from '#stories/server/reads/own.ts'
import { editStory, forgetTeller, putPicture, sendStory, withdrawStory } from '#stories/server/writes/edit.ts'
import { stepsOf } from '#stories/steps.ts'
import { editedStory, placedPicture, storyToken } from '#stories/story.ts'
import { blocksOf, lostMarks, openingOf, pictureLine, placeOf } from '#stories/telling.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** So many places in a text are offered; who wants a photograph further down writes its line there. */
const mostPlaces = 60
/** So many marks that show nothing are named. */
const mostLost = 20

/** Where a photograph can stand: behind which words. */
const placesIn = (body: string): string[] =>
  blocksOf(body)
    .slice(0, mostPlaces)
    .map((block) => openingOf(block, 50))

/** What is to be done, with where: the first photograph and person that lack something. */
async function stepsFor({ db, now }: App.Locals, own: OwnStory, here: string) {
  const { placements } = own.pictures.length === 0 ? { placements: [] } : await standingOf(db, own.id, now)
  const people = placements.flatMap((placed) =>
    placed.people.map((person) => ({ ...person, version: placed.version })),
  )
  const unsaid = own.pictures.find(({ said }) => !said)
  const unasked = people.find(({ light }) => light === 'amber')
  const where = {
    who: unsaid && `${here}/pictures/${unsaid.id}`,
    ask: unasked && `${here}/ask/${unasked.person}?picture=${unasked.version}`,
  }
  return stepsOf({ state: own.state, pictures: own.pictures, people }).map((step) => ({
    ...step,
    href: (step.name in where ? where[step.name as keyof typeof where] : undefined) ?? `${here}/pictures`,
  }))
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, now, language, viewer } = locals
  const text = textIn(language)
  const own = await ownStory(db, viewer, params.token, now)
  if (!own) throw new Refusal('missing', 'refusal.link')
  const kinds = await kindsOf(db, own.week)
  const { activity, read, pictures, published, ...story } = own
  const until = activity && activity.ends > now ? activity.ends.toISOString().slice(0, 10) : null
  const ready = pictures.filter((picture) => picture.ready)
  return {
    token: params.token,
    story: { ...story, published: published !== null },
    article: articleOf({ ...own, pictures: ready, link: cardOfLink(own, read) }, text, language),
    unseen: ready.filter(({ shown }) => !shown).map(({ id }) => id),
    steps: await stepsFor(locals, own, `/stories/edit/${params.token}`),
    lost: lostMarks(
      own.body,
      ready.map(({ number }) => number),
    ).slice(0, mostLost),
    places: ready.length === 0 ? [] : placesIn(own.body),
    pictures: ready.map((picture) => ({
      picture,
      line: pictureLine(picture.number),
      after: placeOf(own.body, picture.number),
    })),
    link: own.link === null ? null : (read?.state ?? 'waiting'),
    activity: activity?.title ?? null,
    waitsFor: until && sayDay(until, language, true),
    saved: url.searchParams.has('saved'),
    kinds: kinds.map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    countries: countryChoices(language),
  }
}

const saved = (_: unknown, event: { params: Partial<Record<string, string>> }): string =>
  `/stories/edit/${event.params['token']}?saved`

export const actions: Actions = {
  save: act(editedStory, editStory, saved),
  put: act(placedPicture, putPicture, (_, event) => `/stories/edit/${event.params['token']}?saved#places`),
  send: act(storyToken, sendStory, saved),
  withdraw: act(storyToken, withdrawStory, saved),
  forget: act(storyToken, forgetTeller, saved),
}
