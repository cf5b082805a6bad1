import { calledName } from '#accounts/account.ts'
import { enoughReviewers } from '#accounts/account.ts'
import { changePolicy, takeBackPaper } from '#consent/server/writes/policy.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDays, sayMonth } from '#kernel/times.ts'
import { counts, hideForm, ofOrganisation } from '#organisations/organisation.ts'
import { membersOf, reviewersOfOrganisation } from '#organisations/server/reads/members.ts'
import { paperFormsOf } from '#organisations/server/reads/paper.ts'
import { aheadDays, runningOut, supportedPeople } from '#organisations/server/reads/people.ts'
import { defaultPolicy, saysWhy } from '#organisations/policy.ts'
import { policyVersions } from '#organisations/server/reads/policies.ts'
import { hideOrganisation } from '#organisations/server/writes/decide.ts'
import { takeBackOrganisation } from '#organisations/server/writes/found.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { organisation, may } = await parent()
  const versions = await policyVersions(locals.db, locals.viewer, organisation.id)
  const inside = may.readPeople ? await insideOf(locals, organisation) : null
  const policy = versions[0]?.policy ?? defaultPolicy(organisation.nation)
  return { version: versions[0]?.version ?? 0, saysWhy: saysWhy(policy), inside }
}

type Inner = Parameters<typeof counts>[0] & { id: string; type: string }

/** What only people of the organisation see. */
async function insideOf({ db, viewer, now, language }: App.Locals, organisation: Inner) {
  const [people, forms, members, running, reviewers] = await Promise.all([
    supportedPeople(db, viewer, organisation.id, now),
    paperFormsOf(db, viewer, organisation.id),
    membersOf(db, viewer, organisation.id),
    runningOut(db, viewer, organisation.id, now),
    reviewersOfOrganisation(db, organisation.id),
  ])
  const joined = members.filter((member) => member.joined !== null)
  const few = counts(organisation) && organisation.type !== 'family' && reviewers.length < enoughReviewers
  const text = textIn(language)
  return {
    people: people.filter((person) => person.parted === null).length,
    forms: forms.filter((form) => form.ended === null).length,
    members: joined.length,
    asking: members.length - joined.length,
    leads: joined
      .filter((member) => member.lead)
      .map((member) => calledName(member) || text('organisations.overview.unnamed')),
    few: few ? reviewers.length : null,
    aheadDays,
    running: running.map((one) =>
      one.what === 'answer'
        ? {
            href: `forms/${one.form}`,
            words: text('organisations.overview.ends', {
              label: one.label,
              form: one.title,
              day: sayDays(one.day, one.day, language),
            }),
          }
        : {
            href: `people/${one.person}`,
            words: text('organisations.overview.turns', {
              label: one.label,
              age: text(`organisations.band.${one.next}`),
              day: sayMonth(one.day, language),
            }),
          },
    ),
  }
}

export const actions: Actions = {
  hide: act(hideForm, changePolicy(hideOrganisation), ({ slug }) => `/desk/organisations/${slug}`),
  back: act(ofOrganisation, takeBackPaper(takeBackOrganisation), () => '/desk/organisations'),
}
