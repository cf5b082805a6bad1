import { describe, expect, test } from 'vitest'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { mayGiveRoles, mayOwn, mayPlanDuty, maySeeRoles, maySeeRoster } from '#accounts/may.ts'
import { somebody } from '../../test/viewers.ts'

const viewers: Record<string, Viewer> = {
  anonymous: anybody,
  'signed in': somebody(),
  reviewer: somebody('reviewer'),
  'group lead': somebody('group-lead'),
  'organisation lead': somebody('organisation-lead'),
  organiser: somebody('organiser'),
}

const actions: Record<string, (viewer: Viewer) => boolean> = {
  'own account': (viewer) => mayOwn(viewer, 'me'),
  'account of somebody else': (viewer) => mayOwn(viewer, 'you'),
  'see roles': maySeeRoles,
  'give roles': mayGiveRoles,
  'see the roster': maySeeRoster,
  'plan duty': mayPlanDuty,
}

const all = Object.keys(viewers)
const table: Record<string, readonly string[]> = {
  'own account': all.slice(1),
  'account of somebody else': [],
  'see roles': ['organiser'],
  'give roles': ['organiser'],
  'see the roster': ['reviewer', 'group lead', 'organisation lead', 'organiser'],
  'plan duty': ['organiser'],
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
