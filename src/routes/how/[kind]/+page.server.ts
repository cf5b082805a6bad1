import { missing } from '#kernel/refusal.ts'
import { currentWeek, kindsOf } from '#weeks/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, language, now } = locals
  locals.keep()
  const week = await currentWeek(db, now)
  const kinds = week ? await kindsOf(db, week.year) : []
  const kind = kinds.find((one) => one.code === params.kind)
  if (!kind) throw missing()
  const say = (words: Record<string, string>): string => words[language] ?? words['en'] ?? ''
  return {
    code: kind.code,
    retired: kind.retired,
    name: say(kind.names),
    hint: say(kind.hints),
    tenMinutes: say(kind.tenMinutes),
    drawing: kind.drawing,
    how: kind.how[language] ?? kind.how['en'] ?? { before: [], day: [], after: [] },
    others: kinds
      .filter((other) => other.code !== kind.code && !other.retired)
      .map((other) => ({ code: other.code, name: say(other.names) })),
  }
}
