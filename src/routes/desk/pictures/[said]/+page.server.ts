import { lookedInput } from '#consent/permission.ts'
import { decidedHere } from '#consent/server/reads/sighting.ts'
import { toCheck } from '#consent/server/reads/second-person.ts'
import { checkOrMissing } from '#consent/server/writes/missing-person.ts'
import { asPicture } from '#stories/picture.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { picturesThere } from '#stories/server/reads/there.ts'
import { namesStanding } from '#stories/server/reads/written.ts'
import { htmlOf } from '#stories/telling.ts'
import type { ToCheck } from '#consent/standing.ts'
import { textIn, type Language } from '#kernel/messages.ts'
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
  const labels = labelsOf(check, language)
  const version = versions.find((one) => one.id === check.version)
  return {
    check: { said: check.said, version: check.version, nobody: check.nobody, covered: check.covered },
    people: [...Map.groupBy(check.appearances, ({ person }) => person)].map(([id, ways]) => ({
      id,
      label: labels.get(id) ?? '',
      // What was said to be so this time stands first.
      ways: ways.toSorted(
        (one, other) => Number(one.before || one.source) - Number(other.before || other.source),
      ),
    })),
    decided: decidedLines(
      decided.flatMap((one) => {
        const label = labels.get(one.person)
        return label === undefined ? [] : [{ ...one, label }]
      }),
      language,
    ),
    names: check.names.map((one) => ({
      id: one.id,
      label: labels.get(one.person) ?? '',
      where: names
        .filter(({ person }) => person === one.person)
        .flatMap(({ where }) => where.filter(({ place }) => place !== 'marked')),
    })),
    story: story && { title: story.title, html: htmlOf(story.body) },
    picture: version ? asPicture(version) : null,
  }
}

/** What everybody on the page is called, each by one name: a number where the viewer does not belong to who answers for it. */
function labelsOf({ appearances, names }: ToCheck, language: Language): Map<string, string> {
  const text = textIn(language)
  const labels = new Map<string, string>()
  for (const { person, label } of [...appearances, ...names])
    if (!labels.has(person))
      labels.set(person, label || text('desk.pictures.somebody', { number: labels.size + 1 }))
  return labels
}

export const actions: Actions = {
  default: act(lookedInput, checkOrMissing, (done) => `/desk/pictures?done=${done}`),
}
