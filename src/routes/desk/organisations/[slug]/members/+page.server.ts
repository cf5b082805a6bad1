import { calledName } from '#accounts/account.ts'
import { sayDay } from '#kernel/times.ts'
import { leadForm, ofMember, ofOrganisation, vetForm } from '#organisations/organisation.ts'
import { membersOf } from '#organisations/server/reads/members.ts'
import { endInvitations, memberInvitation } from '#organisations/server/writes/join.ts'
import { acceptMember, letMemberGo, shareLead, vetMember } from '#organisations/server/writes/members.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent, setHeaders, url }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { organisation, may } = await parent()
  const { db, viewer, now, language } = locals
  const members = await membersOf(db, viewer, organisation.id)
  const invitation = may.keepMembers ? await memberInvitation(db, viewer, organisation.id, now) : null
  const shown = members.map((member) => ({
    account: member.account,
    name: calledName(member),
    email: member.email,
    lead: member.lead,
    vetted: member.vetted,
    joined: member.joined !== null,
    self: member.account === viewer.account,
  }))
  return {
    asking: shown.filter((member) => !member.joined),
    members: shown.filter((member) => member.joined),
    invitation: invitation && { link: invitation.link, until: sayDay(invitation.until, language) },
    done: url.searchParams.has('done'),
  }
}

const done = (slug: string): string => `/desk/organisations/${slug}/members?done`

export const actions: Actions = {
  accept: act(ofMember, acceptMember, done),
  vet: act(vetForm, vetMember, done),
  lead: act(leadForm, shareLead, done),
  go: act(ofMember, letMemberGo, done),
  end: act(ofOrganisation, endInvitations, done),
}
