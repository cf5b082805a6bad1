import * as v from 'valibot'
import { bringExampleBack, exampleState, setExampleAside } from '#desk/server/example.ts'
import { sayDay } from '#kernel/times.ts'
import { asideDays } from '#site/settings.ts'
import { act } from '../../act.ts'
import { onlyOrganisers, stepAddress } from '../steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  onlyOrganisers(locals, 'example')
  const { shown, until, mayComeBack, own } = await exampleState(locals.db, locals.viewer)
  return {
    shown,
    until: until && sayDay(until.toISOString().slice(0, 10), locals.language, true),
    mayComeBack,
    own,
    days: asideDays,
  }
}

const here = () => stepAddress('example')

export const actions: Actions = {
  remove: act(v.object({}), setExampleAside, here),
  back: act(v.object({}), bringExampleBack, here),
}
