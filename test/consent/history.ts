import * as fc from 'fast-check'
import type { Event, Facts } from '#consent/events.ts'
import { begin, few, hands, mostly, people, rules, some, type PersonName } from './choices.ts'
import { noise } from './changes.ts'
import { onSurface, placed, placementIds, placements, surfaceIds, type Part, type Step } from './parts.ts'
import { appears, given, personFacts, recordFacts, requested } from './steps.ts'

// Random histories in a small world: mostly sound stories, each with a few things wrong, so that what may be seen often may.

const by = (hand: string, facts: fc.Arbitrary<Facts>): fc.Arbitrary<Step> =>
  facts.map((one) => ({ facts: one, by: hand }))

const personStory = (person: PersonName): fc.Arbitrary<Step[]> => {
  const records: fc.Arbitrary<Step>[] = []
  if (person === 'bo') {
    const sound = (id: string, type: string) =>
      recordFacts(person, id).filter((one) => one.kind === 'record' && one.facts.type === type)
    records.push(
      by('reader', sound('bo:r0', 'capacity')),
      by('reader', sound('bo:r1', 'best-interests')),
      mostly<string>('third', some(hands)).map((hand) => ({
        facts: { kind: 'reviewed', record: 'bo:r1', person },
        by: hand,
      })),
    )
  }
  if (person === 'cy') {
    records.push(
      by(
        'reader',
        fc.constant({
          kind: 'record',
          record: 'cy:h',
          person,
          facts: { type: 'holder', holder: 'mum', as: 'parent' },
        }),
      ),
      by('reader', fc.constant({ kind: 'record', record: 'cy:all', person, facts: { type: 'holders-all' } })),
    )
  }
  const yes: Step = {
    facts: { kind: 'answered', permission: `${person}:m0`, person, holder: 'mum', answer: 'yes', circle: 5 },
    by: 'link:a',
  }
  return fc
    .tuple(
      by('reader', personFacts(person)),
      fc.tuple(...records),
      by('poster', requested(`${person}:m0`, person)),
      mostly<Step[]>(person === 'cy' ? [yes] : [], fc.constant([])),
      by('link:a', given(`${person}:m0`, person)),
      fc.option(by('poster', requested(`${person}:m1`, person)), { freq: 2 }),
      fc.option(by('link:a', given(`${person}:m1`, person)), { freq: 2 }),
    )
    .map(([first, more, ask, answered, give, askAgain, giveAgain]) => [
      first,
      ...more,
      ask,
      ...answered,
      give,
      ...[askAgain, giveAgain].filter((step) => step !== null),
    ])
}

const partStory = (part: keyof typeof placements): fc.Arbitrary<Step[]> => {
  const where: Part = placements[part]
  const { surface, version } = where
  const u = `u:${part}`
  return fc
    .tuple(
      few(part === 'w1' ? ['ada', 'bo'] : people, part === 'w1' ? 1 : 2),
      fc.boolean(),
      mostly<string>('reader', some(hands), 30),
    )
    .chain(([who, covered, checker]) => {
      const ids = who.map((person) => `a:${part}:${person}`)
      const ends =
        covered && part === 'p2' ? [u, 'u:p1', ...['ada', 'bo'].map((one) => `a:p1:${one}`)] : [u, 'u:p1']
      const steps: fc.Arbitrary<Step>[] = [
        ...(version === null
          ? []
          : [
              by(
                'poster',
                fc.constant<Facts>({
                  kind: 'version',
                  version,
                  surface,
                  source: version === 'v2' ? 'v1' : null,
                  maker: 'poster',
                }),
              ),
              by(
                'poster',
                mostly(true, fc.constant(false)).map((described): Facts => ({
                  kind: 'described',
                  version,
                  surface,
                  described,
                })),
              ),
            ]),
        by('poster', placed(part)),
        by(
          'site',
          fc.constant<Facts>({
            kind: 'appears',
            appearance: u,
            surface,
            version,
            person: null,
            modes: ['face'],
            assent: null,
          }),
        ),
        ...who.map((person, at) => by('poster', appears(ids[at] ?? '', where, person))),
        by(
          'poster',
          mostly(who.length === 0, fc.boolean()).map((nobody): Facts => ({
            kind: 'said',
            said: `said:${part}`,
            surface,
            version,
            nobody,
            appearances: ids,
          })),
        ),
        by(
          checker,
          fc.constant<Facts>({ kind: 'checked', said: `said:${part}`, surface, version, ends, wrong: [] }),
        ),
        by('poster', fc.constant<Facts>({ kind: 'asked', placement: part, surface })),
        by('site', fc.constant<Facts>({ kind: 'live', placement: part, surface })),
      ]
      return fc
        .tuple(...steps)
        .chain((all) =>
          fc
            .tuple(...all.map((step) => mostly<Step | null>(step, fc.constant(null), 80)))
            .map((kept) => kept.filter((step) => step !== null)),
        )
    })
}

/** Writes steps into a log, some hours or days apart. */
export function logOf(steps: readonly Step[], gaps: readonly number[]): Event[] {
  let at = begin
  return steps.map(({ facts, by: hand }, n) => {
    at += (gaps[n % Math.max(1, gaps.length)] ?? 1) * 3_600_000
    return { n: n * 10, at, by: hand, ...facts }
  })
}

const gaps = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 })

/** A whole history. */
export const history: fc.Arbitrary<Event[]> = fc
  .tuple(
    fc.tuple(
      by(
        'reader',
        rules.map((one): Facts => ({ kind: 'policy', organisation: 'o1', version: 1, rules: one })),
      ),
      ...surfaceIds.map((surface) => by('poster', onSurface(surface))),
    ),
    fc.tuple(...people.map(personStory)),
    fc.tuple(
      ...placementIds.map((part) =>
        fc.oneof({ weight: 2, arbitrary: partStory(part) }, { weight: 1, arbitrary: fc.constant([]) }),
      ),
    ),
    fc.array(fc.tuple(noise, fc.nat(100)), { maxLength: 4 }),
    gaps,
  )
  .map(([first, whos, parts, more, spaces]) => {
    const steps: Step[] = [...first, ...whos.flat(), ...parts.flat()]
    for (const [step, at] of more)
      steps.splice(Math.min(steps.length, Math.floor((at * steps.length) / 100)), 0, step)
    return logOf(steps, spaces)
  })

/** Puts an event between two of a log, at a moment between theirs. */
export function inserted(events: readonly Event[], step: Step, place: number): Event[] {
  const at = Math.floor((place * (events.length + 1)) / 101)
  const before = events[at - 1]
  const event: Event = { n: (before?.n ?? -10) + 5, at: before?.at ?? begin, by: step.by, ...step.facts }
  return [...events.slice(0, at), event, ...events.slice(at)]
}

export const place = fc.nat(100)
export const momentOf = fc.integer({ min: 0, max: 520 * 24 }).map((hours) => begin + hours * 3_600_000)
