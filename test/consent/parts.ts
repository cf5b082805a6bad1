import * as fc from 'fast-check'
import type { Facts } from '#consent/events.ts'
import { circles, modifiers, purposes, type Circle } from '#kernel/permission-words.ts'
import { few, moment, mostly, some } from './choices.ts'

export const placements = {
  p1: { surface: 's1', version: 'v1' },
  p2: { surface: 's1', version: 'v2' },
  p3: { surface: 's2', version: 'v3' },
  w1: { surface: 's1', version: null },
} as const
export const placementIds = Object.keys(placements) as (keyof typeof placements)[]
export const surfaceIds = ['s1', 's2'] as const
export type Part = { surface: string; version: string | null }

export const placed = (placement: keyof typeof placements): fc.Arbitrary<Facts> =>
  fc.record({
    kind: fc.constant('placed' as const),
    placement: fc.constant(placement),
    surface: fc.constant(placements[placement].surface),
    version: fc.constant(placements[placement].version),
    circle: mostly<Circle>(5, some(circles), 6),
    purpose: mostly<(typeof purposes)[number]>('celebrate', some(purposes), 12),
    modifiers: mostly<(typeof modifiers)[number][]>([], few(modifiers, 2), 15),
    organisation: mostly<string | null>('o1', some(['o2', null])),
  })

export const onSurface = (surface: string): fc.Arbitrary<Facts> =>
  fc.record({
    kind: fc.constant('surface' as const),
    surface: fc.constant(surface),
    type: mostly('story', fc.constant('film')),
    circle: fc.constant(5 as const),
    notBefore: mostly<number | null>(null, moment, 3),
  })

/** Something that happens, before it stands in a log. */
export type Step = { facts: Facts; by: string }
