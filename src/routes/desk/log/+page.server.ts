import { didKey, placeOf } from '#desk/log.ts'
import { readLog, type LogLine } from '#desk/server/log.ts'
import { textIn, type Text } from '#kernel/messages.ts'
import type { PageServerLoad } from './$types'

const nobody = { link: 'desk.by-link', site: 'desk.by-site', somebody: 'desk.somebody' } as const

function aboutOf({ subject, thing }: LogLine, text: Text): string | { label: string; href: string } {
  if (thing) return { label: thing.title || text('desk.held-title'), href: thing.href }
  const place = placeOf(subject)
  if (!place) return text('log.about.gone')
  return place.href === null ? text(place.key) : { label: text(place.key), href: place.href }
}

export const load: PageServerLoad = async ({ locals, url }) => {
  const text = textIn(locals.language)
  const asked = Number(url.searchParams.get('before'))
  const before = Number.isSafeInteger(asked) && asked > 0 ? asked : null
  const { lines, older } = await readLog(locals.db, locals.viewer, { before })
  return {
    rows: lines.map((line) => [
      line.at.toISOString().slice(0, 16).replace('T', ' '),
      Object.hasOwn(nobody, line.who) ? text(nobody[line.who as keyof typeof nobody]) : line.who,
      text(didKey(line.action)),
      aboutOf(line, text),
    ]),
    older,
    newest: before === null,
  }
}
