import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { textIn } from '#kernel/messages.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { sayAge } from '../age.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const waiting = await waitingForSecond(db, viewer, now)
  const titles = new Map(
    await Promise.all(
      [...new Set(waiting.flatMap((one) => one.surface ?? []))].map(
        async (surface) => [surface, (await storyOfSurface(db, surface))?.title ?? null] as const,
      ),
    ),
  )
  return {
    waiting: waiting.map((one) => ({
      ...one,
      title: titles.get(one.surface ?? '') ?? text('desk.pictures.gone'),
      age: sayAge(one.since, now, text),
    })),
  }
}
