import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import type { About, Facts, RecordFacts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { meet, never, since } from '#consent/ranges.ts'
import { type Circle } from '#kernel/permission-words.ts'
import { begin, day, hands } from '../../test/consent/choices.ts'
import { expectSame } from '../../test/consent/compare.ts'
import { history, inserted, logOf } from '../../test/consent/history.ts'
import { surfaceIds } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'
import { sound } from '../../test/consent/sound.ts'
import { lastOf, changed, without } from '../../test/consent/change.ts'

test('rule 18: whoever posts does not decide, does not check and does not restore', many, () => {
  fc.assert(
    fc.property(history, (events) => {
      const decides = changed(events, 'record', (event) =>
        event.facts.type === 'best-interests'
          ? { ...event, facts: { ...event.facts, decider: 'poster' } }
          : event,
      )
      expectSame(decides, without(events, ['best-interests']))
      const checks = changed(events, 'checked', (event) => ({ ...event, by: 'poster' }))
      expectSame(
        checks,
        events.filter(({ kind }) => kind !== 'checked'),
      )
      // Whoever posted nothing on a surface may restore it.
      const everywhere = surfaceIds.every((surface) =>
        events.some((event) => event.kind === 'placed' && event.surface === surface),
      )
      if (!everywhere) return
      const restores = changed(events, 'restored', (event) => ({ ...event, by: 'poster' }))
      expectSame(
        restores,
        events.filter(({ kind }) => kind !== 'restored'),
      )
    }),
    many.runs,
  )
})

test(
  'rule 18: nobody decides for an adult by a paper that only whoever posted or decided has seen',
  many,
  () => {
    const hand = fc.constantFrom(...hands)
    const about = { kind: 'story', organisation: 'o1', surface: null, version: null }
    const lacks = {
      id: 'capacity',
      type: 'capacity',
      about,
      outcome: 'lacks',
      review: begin + 300 * day,
    } as const
    const paper = { id: 'authority', type: 'authority', about, welfare: true, registered: true } as const
    fc.assert(
      fc.property(hand, hand, hand, hand, fc.boolean(), (poster, decider, writer, second, sighted) => {
        const records = [lacks, { ...paper, sighted, starts: begin, ends: null }]
        const whole = logOf(sound({ route: 'attorney', records, seen: 'authority' }), [1])
        const by = { placed: poster, given: decider, record: writer, reviewed: second } as const
        const log = whole.map((event) => ({ ...event, by: by[event.kind as keyof typeof by] ?? event.by }))
        // Whoever posts cannot check either, which is another rule.
        if (poster === 'reader') return
        const others: string[] = [poster, decider, 'site']
        const seen = (sighted && !others.includes(writer)) || !others.includes(second)
        expect(showsOf(fold(log), 'p3').length > 0).toBe(seen)
      }),
      many.runs,
    )
  },
)

test(
  'rule 18: whoever hid something does not bring it back, and a person’s own no is brought back by nobody',
  many,
  () => {
    fc.assert(
      fc.property(
        history,
        fc.constantFrom(...surfaceIds),
        fc.constantFrom(...hands),
        fc.boolean(),
        (events, surface, by, own) => {
          const stop: Facts = {
            kind: 'stopped',
            stop: 'new',
            surface,
            placement: null,
            why: 'taken-down',
            own,
          }
          const back: Facts = { kind: 'restored', surface, stops: ['new'], placements: [] }
          const hidden = inserted(events, { facts: stop, by: 'third' }, 100)
          const after = inserted(hidden, { facts: back, by }, 100)
          const posted = events.some(
            (event) => event.kind === 'placed' && event.surface === surface && event.by === by,
          )
          if (own || by === 'third' || by === 'site' || posted) expectSame(after, hidden)
          else expectSame(after, events, since(lastOf(after)))
        },
      ),
      many.runs,
    )
  },
)

test(
  'rule 18: a decision in somebody’s best interests goes beyond a showing only with the written condition, and to the public with an independent look',
  many,
  () => {
    fc.assert(
      fc.property(history, (events) => {
        const far = changed(events, 'placed', (event) => ({
          ...event,
          circle: Math.max(event.circle, 4) as Circle,
        }))
        const unwritten = changed(far, 'policy', (event) => ({
          ...event,
          rules: { ...event.rules, condition: false },
        }))
        expectSame(unwritten, without(unwritten, ['best-interests']))
        const open = changed(events, 'placed', (event) => ({ ...event, circle: 5 }))
        const alone = open.filter(({ kind }) => kind !== 'reviewed')
        expectSame(alone, without(alone, ['best-interests']))
        const deciderOf = (id: string): string =>
          open.flatMap((event) =>
            event.kind === 'record' && event.record === id && event.facts.type === 'best-interests'
              ? [event.facts.decider]
              : [],
          )[0] ?? 'poster'
        const byDecider = changed(open, 'reviewed', (event) => ({ ...event, by: deciderOf(event.record) }))
        expectSame(byDecider, alone)
        const byPoster = changed(open, 'reviewed', (event) => ({ ...event, by: 'poster' }))
        expectSame(byPoster, alone)
      }),
      many.runs,
    )
  },
)

const series: About = { kind: 'story', organisation: 'o1', surface: null, version: null }
const papers: [string, RecordFacts & { id: string }, Parameters<typeof sound>[0]][] = (
  ['guardian', 'council'] as const
).flatMap((as) => {
  const order = { id: 'order', type: 'holder' as const, holder: 'them', as }
  const answers = [{ holder: 'them', answer: 'yes' as const }]
  const records = (...more: (RecordFacts & { id: string })[]) => ({ answers, records: [order, ...more] })
  const small = { band: '13-15' as const, nextChange: begin + 600 * day }
  const grown = { band: '16-17' as const, nextChange: begin + 600 * day }
  return [
    [
      `a ${as} of a child`,
      order,
      { route: 'parents', ...small, ...records({ id: 'all', type: 'holders-all' }) },
    ],
    [
      `a ${as} beside a child found competent`,
      order,
      {
        route: 'young-person',
        ...small,
        ...records({ id: 'competence', type: 'competence', about: series, outcome: 'competent' }),
      },
    ],
    [
      `a ${as} asked before a decision at 16`,
      order,
      {
        route: 'best-interests',
        circle: 3,
        ...grown,
        ...records(
          { id: 'capacity', type: 'capacity', about: series, outcome: 'lacks', review: begin + 400 * day },
          {
            id: 'best-interests',
            type: 'best-interests',
            about: series,
            decider: 'reader',
            consulted: 1,
            circle: 5,
            purposes: ['celebrate'],
            review: begin + 180 * day,
          },
        ),
      },
    ],
  ]
})

test.each(papers)(
  'rule 18: %s counts by an order only once somebody saw it who neither posted nor answered',
  (_who, { id }, over) => {
    const shows = (...more: { facts: Facts; by: string }[]) => {
      const events = logOf([...sound(over), ...more], [1])
      return meet(showsOf(fold(events), 'p3'), since(lastOf(events)))
    }
    const look = (by: string, kind: 'reviewed' | 'disagreed' = 'reviewed') => ({
      facts: { kind, record: id, person: 'ada' },
      by,
    })
    expect(shows()).toEqual(never)
    expect(shows(look('poster'), look('link:a'), look('site'))).toEqual(never)
    expect(shows(look('third'))).not.toEqual(never)
    expect(shows(look('third'), look('reader', 'disagreed'))).toEqual(never)
  },
)
