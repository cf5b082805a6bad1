import { formOf, screenOf } from '#consent/asking.ts'
import { decideInput, objectInput, withdrawInput } from '#consent/permission.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { objectObserved, withdraw } from '#consent/server/writes/withdrawing.ts'
import { versionsOn } from '#media/server/reads.ts'
import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { storyOfSurface } from '#stories/server/reads/surface.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const dayOf = (moment: Date, language: string): string =>
  sayDay(moment.toISOString().slice(0, 10), language, true)

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, now, language } = locals
  const page = await personPage(db, params.token, now)
  if (!page) throw missing()
  const text = textIn(language)
  const [story, versions] = await Promise.all([
    storyOfSurface(db, page.surface),
    versionsOn(db, page.surface),
  ])
  const asked = page.asked.at(0)
  const until = asked ? dayOf(asked.ends, language) : null
  const shown = new Set(page.placements.map((one) => one.version))
  return {
    token: params.token,
    screen: screenOf(url.searchParams.get('screen')),
    label: page.label,
    part: page.part,
    story,
    until,
    asked: asked && { permission: asked.permission, circle: asked.circle, state: asked.state },
    form: asked && until ? formOf({ circle: asked.circle, part: page.part, until }, language, text) : null,
    pictures: versions
      .filter((version) => shown.has(version.id) && version.widths.length > 0)
      .map((version) => ({
        id: version.id,
        words: version.words,
        caption: version.caption,
        width: version.width ?? 4,
        height: version.height ?? 3,
        widths: version.widths,
        avif: version.state === 'made',
      })),
    shown: page.placements.some((one) => one.shown),
    formKey: crypto.randomUUID(),
  }
}

const done = (event: { params: Partial<Record<string, string>> }): string =>
  `/consent/${event.params['token']}?screen=done`

export const actions: Actions = {
  decide: act(
    decideInput,
    async (db, viewer, input, now) => {
      const page = await personPage(db, input.token, now)
      const asked = page?.asked.find((one) => one.permission === input.permission)
      if (!page || !asked) throw missing()
      const until = dayOf(asked.ends, 'en')
      const form = formOf({ circle: asked.circle, part: page.part, until }, 'en', textIn('en'))
      return decide(db, viewer, { ...input, form }, now)
    },
    (_, event) => done(event),
  ),
  withdraw: act(withdrawInput, withdraw, (receipt) => ({
    receipt: {
      gone: receipt.gone.toISOString(),
      within: receipt.within,
      asked: receipt.asked,
      unreachable: receipt.unreachable,
    },
  })),
  object: act(objectInput, objectObserved, (_, event) => done(event)),
}
