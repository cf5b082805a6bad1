import { expect, test } from 'vitest'
import { anybody, leadsOrganisation, type Viewer } from '#kernel/viewer.ts'
import {
  mayChangeOrganisation,
  mayChangePolicy,
  mayDecideOrganisations,
  mayFound,
  mayKeepMembers,
  mayKeepPeople,
  mayLead,
  mayReadOrganisation,
  mayReadPeople,
  mayVet,
} from '#organisations/may.ts'
import type { Standing } from '#organisations/organisation.ts'
import { organisationLead, somebody } from '../../test/viewers.ts'

const school = (over: Partial<Standing> = {}): Standing => ({
  id: 'o1',
  type: 'school',
  state: 'agreed',
  foundedBy: 'b',
  hidden: false,
  member: null,
  ...over,
})
const family = (over: Partial<Standing> = {}): Standing => school({ type: 'family', ...over })

const no = [false, false, false, false, false, false, false, false]
const all = [true, true, true, true, true, true, true, true]
/** leads · sees it · changes it · says what it allows · sees people · enters people · keeps members · vets */
const answers = (viewer: Viewer, of: Standing): boolean[] =>
  [
    mayLead,
    mayReadOrganisation,
    mayChangeOrganisation,
    mayChangePolicy,
    mayReadPeople,
    mayKeepPeople,
    mayKeepMembers,
    mayVet,
  ].map((may) => may(viewer, of))

test.each<[string, Viewer, Standing, boolean[]]>([
  ['the anonymous visitor', anybody, school(), no],
  [
    'the anonymous visitor where nobody is known to have founded it',
    anybody,
    school({ foundedBy: null }),
    no,
  ],
  ['the anonymous visitor, whatever is said of them', anybody, school({ member: 'vetted' }), no],
  ['the anonymous visitor of a family', anybody, family({ foundedBy: null }), no],
  ['the anonymous visitor while it waits', anybody, school({ state: 'waiting', foundedBy: null }), no],
  ['somebody signed in', somebody(), school(), no],
  ['a reviewer', somebody('reviewer'), school(), no],
  ['the lead of a group', somebody('group-lead'), school(), no],
  ['the lead of another organisation', somebody(organisationLead('o2')), school(), no],
  ['somebody who asks to belong', somebody(), school({ member: 'asked' }), no],
  [
    'a member',
    somebody(),
    school({ member: 'joined' }),
    [false, true, false, false, true, false, false, false],
  ],
  [
    'a vetted practitioner',
    somebody(),
    school({ member: 'vetted' }),
    [false, true, false, false, true, true, false, false],
  ],
  ['a member of what was taken away', somebody(), school({ member: 'vetted', hidden: true }), no],
  ['its lead', somebody(organisationLead('o1')), school(), all],
  [
    'its lead when it was taken away',
    somebody(organisationLead('o1')),
    school({ hidden: true }),
    [true, true, true, true, true, true, true, false],
  ],
  ['an organiser', somebody('organiser'), school(), [false, true, true, true, false, false, false, false]],
  [
    'who founded it, while it waits',
    somebody(),
    school({ foundedBy: 'me', state: 'waiting', member: 'joined' }),
    [true, true, true, true, true, true, true, false],
  ],
  [
    'who founded it, after a no',
    somebody(),
    school({ foundedBy: 'me', state: 'declined' }),
    [false, true, false, false, false, false, false, false],
  ],
  ['who founded it and leads no more', somebody(), school({ foundedBy: 'me' }), no],
  [
    'who founded a family',
    somebody(),
    family({ foundedBy: 'me', member: 'joined' }),
    [true, true, true, true, true, true, true, false],
  ],
  [
    'a member of a family',
    somebody(),
    family({ member: 'joined' }),
    [false, true, false, false, true, true, false, false],
  ],
  [
    'an organiser looking at a family',
    somebody('organiser'),
    family(),
    [false, true, true, true, false, false, false, false],
  ],
])(
  '%s may lead, see, change, say what it allows, see people, enter people, keep members, vet',
  (_who, viewer, of, expected) => {
    expect(answers(viewer, of)).toEqual(expected)
  },
)

test.each<[string, Viewer, boolean[]]>([
  ['the anonymous visitor', anybody, [false, false, false]],
  ['somebody signed in', somebody(), [true, false, false]],
  ['a reviewer', somebody('reviewer'), [true, false, false]],
  ['its lead', somebody(organisationLead('o1')), [true, false, true]],
  ['an organiser', somebody('organiser'), [true, true, false]],
])('%s may found, may decide about them, counts as the lead of this one', (_who, viewer, expected) => {
  expect([mayFound(viewer), mayDecideOrganisations(viewer), leadsOrganisation(viewer, 'o1')]).toEqual(
    expected,
  )
  expect(leadsOrganisation(viewer, null)).toBe(false)
})
