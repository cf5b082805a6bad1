import { hiddenThings } from '#desk/server/hidden.ts'
import { textIn } from '#kernel/messages.ts'
import { sayAge } from '../age.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const page = Math.min(1000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1))
  const { things, more } = await hiddenThings(db, viewer, { page })
  return {
    page,
    more,
    things: things.map(({ at, title, ...thing }) => ({
      ...thing,
      title: title || text('desk.held-title'),
      age: sayAge(at, now, text),
    })),
  }
}
