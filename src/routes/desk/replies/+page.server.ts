import { watchedForm } from '#comments/reply.ts'
import { latestReplies, watchedWords, waitingReplies } from '#comments/server/reads/replies.ts'
import {
  decideReplies,
  hideReply,
  repliesBulk,
  replyPress,
  restoreReply,
  watchWords,
} from '#comments/server/writes/review.ts'
import { act } from '../../act.ts'
import { replyLines } from './lines.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer } = locals
  const page = Math.min(1000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1))
  const [waiting, latest] = [await waitingReplies(db, viewer), await latestReplies(db, viewer, page)]
  return {
    waiting: await replyLines(locals, waiting),
    latest: await replyLines(locals, latest.replies),
    page,
    more: latest.more,
    watched: await watchedWords(db),
    saved: url.searchParams.has('saved'),
  }
}

const here = (): string => '/desk/replies'

export const actions: Actions = {
  decide: act(repliesBulk, decideReplies, ({ done, refused }) => ({ done, refused: refused.length })),
  hide: act(replyPress, hideReply, here),
  restore: act(replyPress, restoreReply, here),
  watch: act(watchedForm, watchWords, () => '/desk/replies?saved#watched'),
}
