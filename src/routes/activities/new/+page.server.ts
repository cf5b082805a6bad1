import { fail } from '@sveltejs/kit'
import * as v from 'valibot'
import { firstKinds, sayInput, whenWhereInput } from '#activities/form.ts'
import { townChoices } from '#activities/server/reads/towns.ts'
import { mistakesOf, sayActivity } from '#activities/server/writes/say.ts'
import { softEdge } from '#activities/timing.ts'
import { countryChoices } from '#kernel/countries.ts'
import { zonesIn } from '#activities/zones.ts'
import { groupBySlug } from '#groups/server/reads.ts'
import { addDays, sayCountry, sayDays } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'
import { act, inOrder, sayFields } from '../../act.ts'
import { currentWeek, kindsOf } from '#weeks/server/reads.ts'
import { nameOf, weekState, wordsOf } from '#weeks/week.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, language, now } = locals
  const week = await currentWeek(db, now)
  const step = weekState(week, now).state
  if (!week || step === 'not-announced' || step === 'over') return { open: null }
  const asked = (name: string): string => cleanLine(url.searchParams.get(name) ?? '').slice(0, 200)
  const kinds = (await kindsOf(db, week.year)).filter((kind) => !kind.retired)
  const group = asked('group') === '' ? null : await groupBySlug(db, viewer, asked('group'))
  const others = kinds.filter((kind, at) => at >= firstKinds && kind.code !== 'other')
  const townOfGroup = group?.town ? `${group.town}, ${sayCountry(group.country, language)}` : ''
  const kind = kinds.some((one) => one.code === asked('kind')) ? asked('kind') : ''
  const inMore = others.some((one) => one.code === kind)
  return {
    open: {
      week: week.name,
      days: sayDays(week.monday, week.sunday, language),
      first: addDays(week.monday, -softEdge),
      last: addDays(week.sunday, softEdge),
      kinds: kinds
        .filter((one, at) => at < firstKinds || one.code === 'other')
        .map((one) => ({ code: one.code, name: nameOf(one, language), drawing: one.drawing })),
      others: others.map((one) => ({
        value: one.code,
        label: nameOf(one, language),
        hint: wordsOf(one.hints, language),
      })),
      group: group && { slug: group.slug, name: group.name },
      countries: countryChoices(language),
      zones: zonesIn(language, new Date(week.monday)),
      values: {
        kind: inMore ? 'other' : kind,
        otherKind: inMore ? kind : '',
        place: asked('place') || townOfGroup,
        email: viewer.email ?? '',
        group: group?.slug ?? '',
        private: 'yes',
        when: 'week',
        where: 'place',
      } as Record<string, string>,
      formKey: crypto.randomUUID(),
    },
  }
}

/** Says what is wrong with when and where while another field keeps the form from being read whole. */
async function alsoWrong({ db, language, now }: App.Locals, values: Record<string, string | string[]>) {
  const read = v.safeParse(whenWhereInput, values)
  const week = read.success ? await currentWeek(db, now) : null
  if (!read.success || !week) return {}
  return sayFields(await mistakesOf(db, { ...read.output, week, language, fresh: true }, now), language)
}

export const actions: Actions = {
  default: async (event) => {
    const { locals } = event
    const answer = await act(
      sayInput,
      (db, viewer, input, now) =>
        sayActivity(
          db,
          viewer,
          { ...input, client: event.getClientAddress(), language: locals.language },
          now,
        ),
      () => '/activities/new/sent',
    )(event)
    const errors = { ...(await alsoWrong(locals, answer.data.values)), ...answer.data.errors }
    const chosen = answer.data.values['town']
    const asks = errors['town'] !== undefined || (typeof chosen === 'string' && chosen !== '')
    const choices = asks ? await townChoices(locals.db, answer.data.values, locals.language) : null
    return fail(answer.status, { ...answer.data, errors: inOrder(errors, sayInput), choices })
  },
}
