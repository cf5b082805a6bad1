import * as v from 'valibot'
import { groupForm, type Group } from '#groups/group.ts'
import { mayHideGroup, mayMakeGroup } from '#groups/may.ts'
import { groupEmail, groupsLedBy } from '#groups/server/reads.ts'
import { hideGroup, saveGroup } from '#groups/server/writes.ts'
import { countryChoices } from '#kernel/countries.ts'
import { line } from '#kernel/input.ts'
import { missing } from '#kernel/refusal.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const asForm = (group: Group, email: string | null): Record<string, string> => ({
  name: group.name,
  country: group.country,
  region: group.region,
  town: group.town,
  rhythm: group.rhythm,
  page: group.page,
  email: email ?? '',
})

export const load: PageServerLoad = async ({ locals, params }) => {
  const fresh = {
    formKey: crypto.randomUUID(),
    mayHide: mayHideGroup(locals.viewer),
    countries: countryChoices(locals.language),
  }
  if (params.slug === 'new') {
    if (!mayMakeGroup(locals.viewer)) throw missing()
    return { ...fresh, group: null, values: {}, revision: '' }
  }
  const group = (await groupsLedBy(locals.db, locals.viewer)).find((one) => one.slug === params.slug)
  if (!group) throw missing()
  return {
    ...fresh,
    group: { slug: group.slug, name: group.name, hidden: group.hidden },
    values: asForm(group, await groupEmail(locals.db, locals.viewer, group.id)),
    revision: String(group.revision),
  }
}

const save = v.pipe(
  groupForm,
  v.transform((input) => ({ ...input, slug: input.slug === 'new' ? null : input.slug })),
)

export const actions: Actions = {
  save: act(save, saveGroup, (slug) => `/groups/${slug}`),
  hide: act(
    v.object({ slug: line(80) }),
    (db, viewer, { slug }) => hideGroup(db, viewer, { slug, hidden: true }),
    () => '/desk/groups',
  ),
  show: act(
    v.object({ slug: line(80) }),
    (db, viewer, { slug }) => hideGroup(db, viewer, { slug, hidden: false }),
    () => '/desk/groups',
  ),
}
