import type { Problem } from '#media/picture.ts'
import { namesCookie, readNames, readReceipt } from '#media/receipt.ts'
import { ownPictures, type OwnPictures } from '#stories/server/reads/own-pictures.ts'
import { movePicture } from '#stories/server/writes/order.ts'
import { couldAnswer } from '#stories/server/reads/answering.ts'
import {
  answeredStory,
  askToShow,
  coveredPicture,
  coverPicture,
  describedPicture,
  describePicture,
  letAnswer,
  removedPicture,
  removePicture,
  shownPictures,
} from '#stories/server/writes/pictures.ts'
import { movedPicture, ownPicture } from '#stories/own-picture.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** Of what was refused, newest first, leaves out as many of each reason as have just been told of one by one. */
function withoutNewest<One extends { problem: Problem }>(
  all: readonly One[],
  told: readonly string[],
): One[] {
  const left = [...told]
  return all.filter(({ problem }) => {
    const at = left.indexOf(problem.key)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** What does not lie on the story yet has nobody's yes. */
const lightOf = ({ pictures, standing }: OwnPictures) =>
  standing.light === 'green' && standing.placements.length < pictures.length ? 'amber' : standing.light

export const load: PageServerLoad = async ({ locals, params, url, cookies }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const own = await ownPictures(db, viewer, params.token, now)
  const { story, pass, pictures, uploads, standing } = own
  const sayDate = (date: Date | null) => date && sayDay(date.toISOString().slice(0, 10), language, true)
  const receipt = readReceipt(url.searchParams)
  const names = readNames(cookies.get(namesCookie))
  const justNow = (receipt?.refused ?? []).map(({ key, params: of, at }) => ({
    at,
    name: names[at] ?? '',
    why: text(key, of),
  }))
  const refused = withoutNewest(
    uploads.flatMap(({ problem, ...one }) => (problem ? [{ ...one, problem }] : [])),
    (receipt?.refused ?? []).map(({ key }) => key),
  ).map(({ id, at, problem }) => ({ id, at, why: text(problem.key, problem.params) }))
  return {
    token: params.token,
    saved: url.searchParams.has('saved'),
    receipt: receipt && {
      received: receipt.received,
      of: receipt.of,
      refused: justNow,
      /** The form came without a file, or with an empty one. */
      nothing: receipt.received === 0 && receipt.refused.length === 0,
    },
    title: story.title,
    unsent: story.state === 'draft',
    pass,
    light: pictures.length === 0 ? null : lightOf(own),
    could: await couldAnswer(db, viewer, story),
    missing: standing.missing.map((said) => text(said.key, said.params)),
    from: sayDate(standing.from),
    until: sayDate(standing.until),
    pictures: pictures.map((picture) => ownPicture(picture, own)),
    /** Whether some wait for the one press with which all are shown. */
    toShow: pictures.some(({ id }) => {
      const placed = standing.placements.find(({ version }) => version === id)
      const anew = placed?.missing.some(({ key }) => key === 'consent.why.asked-before') ?? false
      return placed === undefined || placed.state === 'draft' || anew
    }),
    none:
      pictures.length === 0 && !uploads.some(({ state }) => state === 'receiving' || state === 'received'),
    refused,
    onTheWay: uploads
      .filter(({ state }) => state === 'receiving')
      .map(({ id, received, bytes }) => ({ id, part: Math.floor((received / bytes) * 100) })),
  }
}

const back = (event: { params: Partial<Record<string, string>> }): string =>
  `/stories/edit/${event.params['token']}/pictures?saved`

export const actions: Actions = {
  describe: act(
    describedPicture,
    async (db, viewer, input, now) => {
      await describePicture(db, viewer, input, now)
      return input.version
    },
    (version, event) => `${back(event)}#picture-${version}`,
  ),
  cover: act(coveredPicture, coverPicture, (_, event) => back(event)),
  remove: act(removedPicture, removePicture, (_, event) => back(event)),
  move: act(movedPicture, movePicture, ({ version }, event) => `${back(event)}#picture-${version}`),
  answer: act(answeredStory, letAnswer, ({ version }, { params }) => {
    const all = `/stories/edit/${params['token']}/pictures`
    return version === null ? `${all}?saved` : `${all}/${version}`
  }),
  show: act(shownPictures, askToShow, (_, event) => back(event)),
}
