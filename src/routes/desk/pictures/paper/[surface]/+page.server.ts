import { sightForm } from '#consent/record-forms.ts'
import { toSight } from '#consent/server/reads/sighting.ts'
import { sightPaper } from '#consent/server/writes/sighting.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { act } from '../../../../act.ts'
import { decidedLines } from '../../decided.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now, language } = locals
  const { decided, ask } = await toSight(db, viewer, params.surface, now)
  const story = await storyOfSurface(db, params.surface, now)
  return {
    surface: params.surface,
    title: story?.title ?? null,
    ask,
    decided: decidedLines(decided, language),
  }
}

export const actions: Actions = {
  default: act(sightForm, sightPaper, () => '/desk/pictures?done=sighted'),
}
