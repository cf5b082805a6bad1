import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { mayComeBack } from '#desk/server/pictures.ts'
import type { PageServerLoad } from './$types'
import { waitingLines } from './lines.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer } = locals
  const [waiting, back] = await Promise.all([waitingForSecond(db, viewer), mayComeBack(db, viewer)])
  return {
    waiting: await waitingLines(locals, waiting),
    mayComeBack: back.length,
    done: url.searchParams.get('done'),
  }
}
