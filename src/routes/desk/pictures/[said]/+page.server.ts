import { lookedInput } from '#consent/permission.ts'
import { decidedHere } from '#consent/server/reads/sighting.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { checkOrMissing } from '#consent/server/writes/missing-person.ts'
import { asPicture } from '#stories/picture.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { picturesThere } from '#stories/server/reads/there.ts'
import { namesStanding } from '#stories/server/reads/written.ts'
import { htmlOf } from '#stories/telling.ts'
import { act } from '../../../act.ts'
import { decidedLines } from '../decided.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, now, language } = locals
  const check = await toCheck(db, viewer, params.said)
  const [story, versions, decided, names] = await Promise.all([
    storyOfSurface(db, check.surface, now),
    picturesThere(db, check.surface),
    decidedHere(db, viewer, check.surface, now),
    check.names.length > 0 ? namesStanding(db, check.surface) : [],
  ])
  const here = new Set([...check.appearances, ...check.names].map(({ person }) => person))
  const version = versions.find((one) => one.id === check.version)
  return {
    check,
    decided: decidedLines(
      decided.filter(({ person }) => here.has(person)),
      language,
    ),
    names: check.names.map((one) => ({
      ...one,
      where: names
        .filter(({ person }) => person === one.person)
        .flatMap(({ where }) => where.filter(({ place }) => place !== 'marked')),
    })),
    story: story && { title: story.title, html: htmlOf(story.body) },
    picture: version ? asPicture(version) : null,
  }
}

export const actions: Actions = {
  default: act(lookedInput, checkOrMissing, (done) => `/desk/pictures?done=${done}`),
}
