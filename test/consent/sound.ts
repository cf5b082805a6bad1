import type { Facts, RecordFacts } from '#consent/events.ts'
import { modes, purposes, type Circle, type Route } from '#kernel/permission-words.ts'
import { begin, day, wide } from './choices.ts'
import type { Step } from './parts.ts'

type Over = {
  circle?: Circle
  route?: Route
  starts?: number
  ends?: number
  after?: readonly string[]
  band?: Extract<Facts, { kind: 'person' }>['band']
  nextChange?: number | null
  records?: readonly (RecordFacts & { id: string })[]
  reviewed?: boolean
  /** The paper that a second person saw. */
  seen?: string
  answers?: readonly { holder: string; answer: 'yes' | 'no' }[]
  rules?: typeof wide
}

const about = { kind: 'story', organisation: 'o1', surface: null, version: null }

/** Answers a story in which everything is right: ada, in a picture on the second surface, asked, checked and live. */
export function sound(over: Over = {}): Step[] {
  const where = { surface: 's2', version: 'v3' }
  const scope = { circle: 6 as const, purposes, modifiers: [], modes }
  const mine = { permission: 'ada:m0', person: 'ada', surface: null }
  const steps: [string, Facts][] = [
    ['reader', { kind: 'policy', organisation: 'o1', version: 1, rules: over.rules ?? wide }],
    ['poster', { kind: 'surface', surface: 's2', type: 'story', circle: 5, notBefore: null }],
    ['poster', { kind: 'version', version: 'v3', surface: 's2', source: null, maker: 'poster' }],
    ['poster', { kind: 'described', version: 'v3', surface: 's2', described: true }],
    [
      'poster',
      {
        kind: 'placed',
        placement: 'p3',
        ...where,
        circle: over.circle ?? 5,
        purpose: 'celebrate',
        modifiers: [],
        organisation: 'o1',
      },
    ],
    [
      'poster',
      { kind: 'appears', appearance: 'a1', ...where, person: 'ada', modes: ['face'], assent: 'yes' },
    ],
    ['poster', { kind: 'said', said: 'said:p3', ...where, nobody: false, appearances: ['a1'] }],
    ['reader', { kind: 'checked', said: 'said:p3', ...where, ends: [], wrong: [] }],
    [
      'reader',
      {
        kind: 'person',
        person: 'ada',
        organisation: 'o1',
        band: over.band ?? 'adult',
        nextChange: over.nextChange ?? null,
        notLocatable: false,
        doNotShow: false,
      },
    ],
    ...(over.records ?? []).map(({ id, ...facts }): [string, Facts] => [
      'reader',
      { kind: 'record', record: id, person: 'ada', facts },
    ]),
    ...(over.reviewed || over.seen
      ? ([['third', { kind: 'reviewed', record: over.seen ?? 'best-interests', person: 'ada' }]] satisfies [
          string,
          Facts,
        ][])
      : []),
    [
      'poster',
      {
        kind: 'requested',
        ...mine,
        about,
        route: over.route ?? 'own',
        scope,
        starts: over.starts ?? begin,
        ends: over.ends ?? begin + 300 * day,
        base: begin + 7 * day,
      },
    ],
    ...(over.answers ?? []).map(({ holder, answer }): [string, Facts] => [
      'link:a',
      { kind: 'answered', permission: 'ada:m0', person: 'ada', holder, answer, circle: 6 },
    ]),
    [
      'link:a',
      {
        kind: 'given',
        ...mine,
        scope,
        seen: null,
        assent: 'yes',
        after: over.after ?? [],
        authority: 'authority',
        capacity: 'capacity',
        bestInterests: 'best-interests',
        form: null,
        signed: null,
      },
    ],
    ['poster', { kind: 'asked', placement: 'p3', surface: 's2' }],
    ['site', { kind: 'live', placement: 'p3', surface: 's2' }],
  ]
  return steps.map(([by, facts]) => ({ by, facts }))
}
