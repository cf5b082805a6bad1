import { sendStoryLinks } from '#stories/server/writes/edit.ts'
import { linksAgain } from '#stories/story.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ url }) => ({
  sent: url.searchParams.has('sent'),
  ended: url.searchParams.has('ended'),
  formKey: crypto.randomUUID(),
})

export const actions: Actions = {
  default: act(linksAgain, sendStoryLinks, () => '/stories/edit?sent'),
}
