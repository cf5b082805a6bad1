import { checkInput } from '#consent/permission.ts'
import { toCheck } from '#consent/server/reads/queue.ts'
import { checkWhoIsIn } from '#consent/server/writes/saying.ts'
import { versionsOn } from '#media/server/reads.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now } = locals
  const check = await toCheck(db, viewer, params.said, now)
  const [story, versions] = await Promise.all([
    storyOfSurface(db, check.surface),
    versionsOn(db, check.surface),
  ])
  const version = versions.find((one) => one.id === check.version)
  return {
    check,
    story,
    picture:
      version && version.widths.length > 0
        ? {
            id: version.id,
            words: version.words,
            caption: version.caption,
            width: version.width ?? 4,
            height: version.height ?? 3,
            widths: version.widths,
            avif: version.state === 'made',
          }
        : null,
  }
}

export const actions: Actions = {
  default: act(checkInput, checkWhoIsIn, () => '/desk/pictures'),
}
