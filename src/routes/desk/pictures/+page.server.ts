import { familiesToAsk } from '#consent/server/reads/families.ts'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { mayComeBack } from '#desk/server/pictures.ts'
import type { PageServerLoad } from './$types'
import { waitingLines } from './lines.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, now } = locals
  const [waiting, back, families] = await Promise.all([
    waitingForSecond(db, viewer),
    mayComeBack(db, viewer),
    familiesToAsk(db, viewer, now),
  ])
  return {
    waiting: await waitingLines(locals, waiting),
    mayComeBack: back.length,
    families,
    done: url.searchParams.get('done'),
  }
}
