import { correctedReply, ownPress } from '#comments/reply.ts'
import { ownReply } from '#comments/server/reads/replies.ts'
import { bringReplyBack, correctReply, takeBackReply } from '#comments/server/writes/reply.ts'
import { shownStoryById } from '#stories/server/reads/wall.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, now } = locals
  const reply = await ownReply(db, params.token)
  return {
    reply,
    story: reply && (await shownStoryById(db, reply.story, now)),
    sent: url.searchParams.has('sent'),
  }
}

const back = ({ token }: { token: string }): string => `/replies/${token}`

export const actions: Actions = {
  correct: act(correctedReply, correctReply, back),
  back: act(ownPress, takeBackReply, back),
  again: act(ownPress, bringReplyBack, back),
}
