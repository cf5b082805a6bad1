import { restoreManyForm } from '#desk/concern.ts'
import { askedToHide, restoreMany } from '#desk/server/many.ts'
import { textIn } from '#kernel/messages.ts'
import { act } from '../../act.ts'
import { sayAge } from '../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const text = textIn(locals.language)
  const asked = await askedToHide(locals.db, locals.viewer)
  const groups = Map.groupBy(asked, (one) => one.source)
  return {
    groups: [...groups.entries()]
      .toSorted(([, one], [, other]) => other.length - one.length)
      .map(([source, concerns]) => ({
        source: source ?? '',
        concerns: concerns.map(({ concern, room, id, title, hidden, created }) => ({
          concern,
          href: room === 'replies' ? '/desk/replies' : `/desk/${room}/${id}`,
          title,
          hidden,
          age: sayAge(created, locals.now, text),
        })),
      })),
  }
}

export const actions: Actions = { default: act(restoreManyForm, restoreMany, (outcome) => outcome) }
