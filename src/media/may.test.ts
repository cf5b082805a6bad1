import { describe, expect, test } from 'vitest'
import { anybody, type RoleCode, type Viewer } from '#kernel/viewer.ts'
import { mayChange } from '#media/may.ts'

const signedIn: Viewer = { account: 'me', email: 'me@people.test', name: 'Me', roles: [] }
const having = (role: RoleCode, organisation: string | null = null): Viewer => ({
  ...signedIn,
  roles: [{ role, group: role === 'group-lead' ? 'g' : null, organisation }],
})

const viewers: Record<string, Viewer> = {
  anonymous: anybody,
  'signed in': signedIn,
  reviewer: having('reviewer'),
  'group lead': having('group-lead'),
  'lead of its organisation': having('organisation-lead', 'o'),
  'lead of another organisation': having('organisation-lead', 'p'),
  organiser: having('organiser'),
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
