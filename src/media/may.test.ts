import { describe, expect, test } from 'vitest'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { mayChange } from '#media/may.ts'
import { organisationLead, somebody } from '../../test/viewers.ts'

const viewers: Record<string, Viewer> = {
  anonymous: anybody,
  'signed in': somebody(),
  reviewer: somebody('reviewer'),
  'group lead': somebody('group-lead'),
  'lead of its organisation': somebody('organisation-lead'),
  'lead of another organisation': somebody(organisationLead('p')),
  organiser: somebody('organiser'),
}

const theirs = { account: 'you', organisation: 'o', proven: false }
const actions: Record<string, (viewer: Viewer) => boolean> = {
  'change what they sent': (viewer) => mayChange(viewer, { ...theirs, account: 'me' }),
  'change what somebody else sent': (viewer) => mayChange(viewer, theirs),
  'change what nobody with an account sent': (viewer) =>
    mayChange(viewer, { account: null, organisation: null, proven: false }),
  'change, with a word that proves the page': (viewer) => mayChange(viewer, { ...theirs, proven: true }),
}

const all = Object.keys(viewers)
const table: Record<string, readonly string[]> = {
  'change what they sent': all.slice(1),
  'change what somebody else sent': ['reviewer', 'lead of its organisation', 'organiser'],
  'change what nobody with an account sent': ['reviewer', 'organiser'],
  'change, with a word that proves the page': all,
}

describe('who may', () => {
  test('every action has its row', () => {
    expect(Object.keys(actions)).toEqual(Object.keys(table))
  })
  for (const [action, may] of Object.entries(actions)) {
    for (const [who, viewer] of Object.entries(viewers)) {
      const allowed = table[action]?.includes(who) ?? false
      test(`${action}: ${who} ${allowed ? 'may' : 'may not'}`, () => {
        expect(may(viewer)).toBe(allowed)
      })
    }
  }
})
