import { describe, expect, test } from 'vitest'
import {
  mayCheck,
  mayHold,
  mayLeadPermission,
  mayMark,
  mayNameOpeners,
  mayLookAgain,
  mayNameSteward,
  mayOpenAfterReview,
  mayOpenHold,
  mayReadEvidence,
  mayRecord,
  mayRestore,
  mayReviewPermission,
  outside,
  type InOrganisation,
} from '#consent/may.ts'
import { anybody, theSite, type RoleCode, type Viewer } from '#kernel/viewer.ts'

const somebody = (role: RoleCode | null): Viewer => ({
  account: 'me',
  email: 'me@example.org',
  name: 'Me',
  roles: role === null ? [] : [{ role, group: null, organisation: null }],
})
const leads: InOrganisation = { ...outside, leads: true, member: true }
const vetted: InOrganisation = { ...outside, vetted: true, member: true }
const member: InOrganisation = { ...outside, member: true }
const family: InOrganisation = { ...leads, family: true }

const who: Record<string, [Viewer, InOrganisation]> = {
  'the anonymous visitor': [anybody, outside],
  'the site itself': [theSite, outside],
  'somebody signed in': [somebody(null), outside],
  'a member': [somebody(null), member],
  'a vetted practitioner': [somebody(null), vetted],
  'a lead': [somebody(null), leads],
  'who leads a family': [somebody(null), family],
  'a group lead': [somebody('group-lead'), outside],
  'a reviewer': [somebody('reviewer'), outside],
  'an organiser': [somebody('organiser'), outside],
}
const mine = { hands: ['me', 'link:mine'] }
const free = { posters: ['other'], said: 'other', ...mine }
const hidden = { posters: ['other'], hiddenBy: ['third'], own: false, ...mine }

type Question = (viewer: Viewer, standing: InOrganisation) => boolean
const table: Record<string, { ask: Question; yes: string[] }> = {
  'check who is in it': {
    ask: (viewer, standing) => mayCheck(viewer, standing, free),
    yes: ['a vetted practitioner', 'a lead', 'a reviewer', 'an organiser'],
  },
  'check what they posted': { ask: (v, s) => mayCheck(v, s, { ...free, posters: ['me'] }), yes: [] },
  'check what their mailed link posted': {
    ask: (v, s) => mayCheck(v, s, { ...free, posters: ['link:mine'] }),
    yes: [],
  },
  'check what they said': { ask: (v, s) => mayCheck(v, s, { ...free, said: 'me' }), yes: [] },
  restore: {
    ask: (viewer, standing) => mayRestore(viewer, standing, hidden),
    yes: ['a vetted practitioner', 'a lead', 'a reviewer', 'an organiser'],
  },
  'restore what they hid': { ask: (v, s) => mayRestore(v, s, { ...hidden, hiddenBy: ['me'] }), yes: [] },
  'restore what they posted': { ask: (v, s) => mayRestore(v, s, { ...hidden, posters: ['me'] }), yes: [] },
  'restore against a person’s own no': { ask: (v, s) => mayRestore(v, s, { ...hidden, own: true }), yes: [] },
  'record capacity and authority': {
    ask: mayRecord,
    yes: ['a vetted practitioner', 'a lead', 'who leads a family'],
  },
  'read evidence': { ask: mayReadEvidence, yes: ['a vetted practitioner', 'a lead', 'who leads a family'] },
  'mark somebody': {
    ask: mayMark,
    yes: ['a vetted practitioner', 'a lead', 'who leads a family', 'a reviewer', 'an organiser'],
  },
  'say whom of a family to ask': {
    ask: mayNameSteward,
    yes: ['a lead', 'who leads a family', 'a reviewer', 'an organiser'],
  },
  'see an organisation’s permissions': { ask: mayLeadPermission, yes: ['a lead', 'who leads a family'] },
  'see everything that waits': { ask: mayReviewPermission, yes: ['a reviewer', 'an organiser'] },
  hold: { ask: mayHold, yes: ['the site itself', 'a reviewer', 'an organiser'] },
  'name who opens what others open': {
    ask: (viewer) => mayNameOpeners(viewer, ['third', 'other']),
    yes: ['an organiser'],
  },
  'name who opens what nobody can open': {
    ask: (viewer) => mayNameOpeners(viewer, ['third']),
    yes: ['a reviewer', 'an organiser'],
  },
  'open what is held for them': {
    ask: (viewer) => mayOpenHold(viewer, ['me', 'other']),
    yes: [
      'somebody signed in',
      'a member',
      'a vetted practitioner',
      'a lead',
      'who leads a family',
      'a group lead',
      'a reviewer',
      'an organiser',
    ],
  },
  'open what is held for others': { ask: (viewer) => mayOpenHold(viewer, ['third', 'other']), yes: [] },
  'open after a broken ledger': { ask: mayOpenAfterReview, yes: ['an organiser'] },
  'look for the ledger again': { ask: mayLookAgain, yes: ['the site itself', 'an organiser'] },
}

describe.each(Object.entries(table))('%s', (_what, { ask, yes }) => {
  test.each(Object.entries(who))('%s', (name, [viewer, standing]) => {
    expect(ask(viewer, standing)).toBe(yes.includes(name))
  })
})
