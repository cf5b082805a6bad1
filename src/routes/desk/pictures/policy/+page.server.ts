import { bringBackForm } from '#desk/pictures.ts'
import { bringBackSeveral, mayComeBack } from '#desk/server/pictures.ts'
import { textIn } from '#kernel/messages.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, viewer, now, language } = locals
  const stories = await mayComeBack(db, viewer)
  return {
    stories: stories.map(({ surface, title, name, pictures, since }) => ({
      surface,
      title,
      organisation: name,
      pictures,
      age: since && sayAge(since, now, textIn(language)),
    })),
  }
}

export const actions: Actions = { default: act(bringBackForm, bringBackSeveral, (outcome) => outcome) }
