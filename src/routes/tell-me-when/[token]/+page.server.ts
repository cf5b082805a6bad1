import { wishByToken } from '#weeks/server/reads.ts'
import { confirmWish, stopTelling } from '#weeks/server/writes/wishes.ts'
import { wishToken } from '#weeks/week.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => ({
  wish: await wishByToken(locals.db, params.token),
})

export const actions: Actions = {
  confirm: act(wishToken, confirmWish, () => ({ done: 'confirmed' as const })),
  stop: act(wishToken, stopTelling, () => ({ done: 'stopped' as const })),
}
