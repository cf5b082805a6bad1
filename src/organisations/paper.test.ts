import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { ageBands, circles, modes, nations, purposes } from '#kernel/permission-words.ts'
import { answersForm } from '#organisations/paper-form.ts'
import { gapsOf, paperRoutes, reachOf, routeOf, signers, signersIn } from '#organisations/paper.ts'
import { ceilingOf } from '#organisations/policy.ts'

const anyForm = fc.record({
  circle: fc.constantFrom(...circles),
  purposes: fc.uniqueArray(fc.constantFrom(...purposes)),
  modes: fc.uniqueArray(fc.constantFrom(...modes)),
  namesThisSite: fc.boolean(),
  namesSocialMedia: fc.boolean(),
})

describe('how wide a form on paper reaches', () => {
  test('never wider than somebody read in it', () => {
    fc.assert(fc.property(anyForm, (form) => reachOf(form) <= form.circle))
  })

  test('not beyond the organisation when it does not name this site, not beyond our pages when it does not name social media', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        if (!form.namesThisSite) expect(reachOf(form)).toBeLessThanOrEqual(2)
        if (!form.namesSocialMedia) expect(reachOf(form)).toBeLessThanOrEqual(5)
      }),
    )
    expect(reachOf({ circle: 6, namesThisSite: true, namesSocialMedia: true })).toBe(6)
  })

  test('what it does not cover is said, each thing once', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const gaps = gapsOf(form).map((gap) => JSON.stringify(gap))
        expect(new Set(gaps).size).toBe(gaps.length)
        expect(gaps.includes('{"what":"this-site"}')).toBe(!form.namesThisSite)
        for (const purpose of purposes)
          expect(gaps.some((gap) => gap.includes(`"${purpose}"`))).toBe(!form.purposes.includes(purpose))
        for (const mode of modes)
          expect(gaps.some((gap) => gap.includes(`"${mode}"`))).toBe(!form.modes.includes(mode))
      }),
    )
  })

  test('an old school form covers neither this site nor social media', () => {
    const old = {
      circle: 2,
      purposes: ['celebrate'],
      modes: ['face'],
      namesThisSite: false,
      namesSocialMedia: false,
    } as const
    expect(gapsOf(old).map((gap) => gap.what)).toEqual(['this-site', 'social-media', 'purposes', 'modes'])
  })
})

describe('who can say yes for whom', () => {
  test('a relative or a council never for an adult', () => {
    for (const who of ['parent', 'all-parents', 'council'] as const) {
      expect(routeOf(who, 'adult', 'england')).toBeNull()
      expect(routeOf(who, '16-17', 'england')).toBeNull()
      expect(routeOf(who, '13-15', 'england')).toBe('parents')
    }
  })

  test('an adult by themselves, somebody younger as a young person', () => {
    expect(ageBands.map((band) => routeOf('self', band, 'england'))).toEqual([
      'young-person',
      'young-person',
      'young-person',
      'own',
    ])
  })

  test('attorneys and best-interests decisions only from 16', () => {
    for (const who of ['attorney', 'deputy', 'guardian', 'decision-maker'] as const) {
      expect(routeOf(who, '13-15', 'england')).toBeNull()
      expect(routeOf(who, '16-17', 'england')).not.toBeNull()
    }
  })

  test('in Ireland attorneys, co-decision-makers and representatives, from 18, and nobody in best interests', () => {
    expect(signersIn('ireland').filter((who) => routeOf(who, 'adult', 'ireland') !== null)).toEqual([
      'self',
      'attorney',
      'co-decision-maker',
      'representative',
    ])
    for (const who of ['attorney', 'co-decision-maker', 'representative'] as const)
      expect(ageBands.map((band) => routeOf(who, band, 'ireland'))).toEqual([null, null, null, 'attorney'])
  })

  test('by the ways that the law of each nation has; who stands on a form already can stay', () => {
    for (const nation of nations) {
      const ways = signersIn(nation).map((who) => routeOf(who, 'adult', nation))
      expect([nation, ways.includes('best-interests')]).toEqual([
        nation,
        'best-interests' in ceilingOf(nation),
      ])
    }
    expect(signersIn('england')).not.toContain('representative')
    expect(signersIn('ireland', ['deputy'])).toContain('deputy')
    expect(signersIn(null)).toEqual(signers)
  })

  test('every way of deciding on paper is somebody’s', () => {
    const found = new Set(signers.flatMap((who) => ageBands.map((band) => routeOf(who, band, 'england'))))
    for (const route of paperRoutes) expect(found).toContain(route)
  })
})

describe('the grid of answers', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(8) + '-0000-4000-8000-000000000000')
  const same = { slug: 'x', form: 'f', revision: '1', byWhom: 'parent', signed: '2027-05-03', ends: '' }
  const wrong = (typed: Record<string, string>): unknown[] =>
    v.safeParse(answersForm, typed).issues?.map((issue) => [issue.path?.[0]?.key, issue.message]) ?? []

  test('what stands above counts for each person who has nothing else; no answer takes one back', () => {
    const read = v.parse(answersForm, {
      ...same,
      [`answer-${a}`]: 'yes',
      [`answer-${b}`]: 'no',
      [`byWhom-${b}`]: 'self',
      [`signed-${b}`]: '2026-01-02',
      [`ends-${b}`]: '2028-01-02',
      [`answer-${c}`]: '',
    })
    expect(read.answers).toMatchObject([
      { supported: a, answer: 'yes', byWhom: 'parent', signed: '2027-05-03', ends: null },
      { supported: b, answer: 'no', byWhom: 'self', signed: '2026-01-02', ends: '2028-01-02' },
      { supported: c, answer: null },
    ])
  })

  test('nothing is asked above when nothing was tapped below', () => {
    expect(wrong({ slug: 'x', form: 'f', [`answer-${a}`]: '' })).toEqual([])
  })

  test('what is missing is said where it belongs, once', () => {
    const yes = { [`answer-${a}`]: 'yes', [`answer-${b}`]: 'yes' }
    expect(wrong({ ...same, ...yes, byWhom: '', signed: 'soon' })).toEqual([
      ['byWhom', 'organisations.paper.by-whom-needed'],
      ['signed', 'organisations.paper.signed-needed'],
    ])
    expect(wrong({ ...same, ...yes, [`signed-${b}`]: '3 May', [`ends-${a}`]: '2027-05-03' })).toEqual([
      [`ends-${a}`, 'organisations.paper.ends-before'],
      [`signed-${b}`, 'organisations.paper.signed-needed'],
    ])
  })
})
