import type { RequestEvent, RequestHandler } from '@sveltejs/kit'
import type { FeedHead } from '#activities/feeds/entry.ts'
import { sayFilter } from '#activities/filter-words.ts'
import { addressOf, asksNothing } from '#activities/filter.ts'
import { textIn } from '#kernel/messages.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import { isArchive, nameOf } from '#weeks/week.ts'
import { askedOf, goNear, problemOf, whichTown, type Asked } from './question.ts'

/** Makes a handler of a format that refuses what cannot be meant (400), and goes on to a place (303). Which of several towns is meant is never guessed: a program is told them as a problem, a format that people follow (`plainly`) as words. */
export const answering =
  (answer: (event: RequestEvent, asked: Asked) => Promise<Response>, plainly = false): RequestHandler =>
  async (event) => {
    const choice = await goNear(event)
    if (choice && choice.towns.length > 0) return whichTown(event, choice, plainly)
    const asked = await askedOf(event)
    const bad = choice
      ? [...asked.bad, { name: 'place' as const, value: choice.words, why: 'unknown' as const }]
      : asked.bad
    return bad.length > 0 ? problemOf(bad, event.locals.language) : answer(event, asked)
  }

/** Answers what a feed of the question says of itself. */
export async function headOf({ locals, url }: RequestEvent, { filter, week }: Asked): Promise<FeedHead> {
  const text = textIn(locals.language)
  const kinds =
    week && filter.kind.length > 0
      ? (await kindsOf(locals.db, week.year)).map((kind) => ({
          code: kind.code,
          name: nameOf(kind, locals.language),
        }))
      : []
  const names = { kinds, place: null, group: null }
  const title = asksNothing(filter)
    ? text(week && isArchive(week, locals.now) ? 'activities.list.was' : 'activities.list.title')
    : sayFilter(filter, names, text, locals.language)
  return {
    site: url.origin,
    title: week ? text('activities.feeds.name', { title, week: week.name }) : title,
    page: `${url.origin}${addressOf('/activities', filter)}`,
    language: locals.language,
  }
}

/** Answers a body that is written a part at a time, as fast as it is read. */
export function streamed(
  parts: AsyncGenerator<string, void, void>,
  headers: Record<string, string>,
): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await parts.return()
    },
  })
  return new Response(body, { headers })
}
