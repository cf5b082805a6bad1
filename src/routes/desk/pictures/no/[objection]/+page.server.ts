import { liftInput } from '#consent/permission.ts'
import { liftObjection } from '#consent/server/writes/taking-down.ts'
import { lookAtNo } from '#desk/server/pictures.ts'
import { textIn } from '#kernel/messages.ts'
import { versionsOn } from '#media/server/reads.ts'
import { asPicture } from '#stories/picture.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { htmlOf } from '#stories/telling.ts'
import { act } from '../../../../act.ts'
import { sayAge } from '../../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now, language } = locals
  const { at, on, ...no } = await lookAtNo(db, viewer, params.objection)
  const places = await Promise.all(
    on.map(async ({ surface, versions, gone }) => {
      const [story, all] = await Promise.all([storyOfSurface(db, surface, now), versionsOn(db, surface)])
      const pictures = all.flatMap((one) => (versions.includes(one.id) ? (asPicture(one) ?? []) : []))
      return { surface, gone, pictures, story: story && { title: story.title, html: htmlOf(story.body) } }
    }),
  )
  return { ...no, places, age: sayAge(at, now, textIn(language)) }
}

export const actions: Actions = {
  default: act(liftInput, liftObjection, () => '/desk/pictures?done=no-over'),
}
