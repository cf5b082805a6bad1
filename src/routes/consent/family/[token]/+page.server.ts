import { saidSteward } from '#consent/steward-forms.ts'
import { stewardPage } from '#consent/server/reads/stewards.ts'
import { answerAsSteward } from '#consent/server/writes/stewards.ts'
import { act } from '../../../act.ts'
import { gone } from '../../[token]/gone.ts'
import { shownOn } from '../../[token]/shown.ts'
import type { Actions, PageServerLoad } from './$types'

/** One question a screen: what there is, what to do with it, whether they are sure that it stays taken down; then what they said. */
const screens = ['see', 'ask', 'sure', 'done'] as const

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const page = await stewardPage(locals.db, params.token, locals.now)
  if (!page) throw gone()
  const { label, answer, kept } = page
  const wish = screens.find((one) => one === url.searchParams.get('screen'))
  const screen = kept ? 'done' : (wish ?? (answer === null ? 'see' : 'done'))
  const places =
    screen === 'see'
      ? await Promise.all(
          page.places.map(async ({ surface, circle, versions }) => ({
            surface,
            circle,
            article: await shownOn(locals, { surface, wanted: versions }),
          })),
        )
      : []
  return {
    token: params.token,
    screen: screen === 'done' && answer === null && !kept ? 'see' : screen,
    label,
    answer: kept ? ('keep-down' as const) : answer,
    /** Somebody else of the family said so. */
    byOther: kept && answer !== 'keep-down',
    places: places.flatMap(({ article, ...place }) => (article ? [{ ...place, article }] : [])),
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: act(
    saidSteward,
    answerAsSteward,
    (_, { params }) => `/consent/family/${params['token']}?screen=done`,
  ),
}
