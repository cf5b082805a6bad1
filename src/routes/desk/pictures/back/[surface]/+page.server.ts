import { restoreInput } from '#consent/permission.ts'
import { bringBackPictures, hiddenPictures } from '#desk/server/pictures.ts'
import { textIn } from '#kernel/messages.ts'
import { versionsOn } from '#media/server/reads.ts'
import { asPicture } from '#stories/picture.ts'
import { shownNow } from '#stories/server/reads/shown.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { htmlOf } from '#stories/telling.ts'
import { act } from '../../../../act.ts'
import { sayAge } from '../../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now, language } = locals
  const hidden = await hiddenPictures(db, viewer, params.surface, now)
  const [story, versions] = await Promise.all([
    storyOfSurface(db, params.surface, now),
    versionsOn(db, params.surface),
  ])
  const age = (moment: Date): string => sayAge(moment, now, textIn(language))
  return {
    ...hidden,
    since: hidden.since && age(hidden.since),
    noes: hidden.noes.map(({ at, ...no }) => ({ ...no, age: age(at) })),
    story: story && { title: story.title, html: htmlOf(story.body) },
    pictures: versions.flatMap((one) => (hidden.versions.includes(one.id) ? (asPicture(one) ?? []) : [])),
  }
}

export const actions: Actions = {
  default: act(
    restoreInput,
    async (db, viewer, input, now) => {
      await bringBackPictures(db, viewer, input, now)
      return (await shownNow(db, [input.surface], now)).has(input.surface)
    },
    (shown) => `/desk/pictures?done=${shown ? 'back' : 'not-yet'}`,
  ),
}
