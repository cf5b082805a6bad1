import type { Event, Id, Rules } from '#consent/events.ts'
import { all, ancestors, dayLong, everybodyOn, last, namelessFrom, rulesOf, type Of } from './world.ts'

type Weighing = {
  asked: Of<'requested'>
  known: Of<'person'>
  mine: Of<'appears'>[]
  modes: string[]
  noes: Of<'objected'>[]
  t: number
}
type About = Of<'requested'>['about']

function holdsFor(wide: About, narrow: About, line: readonly Id[] = []): boolean {
  if (wide.kind !== narrow.kind) return false
  if (wide.version !== null) return wide.version === narrow.version || line.includes(wide.version)
  if (wide.surface !== null) return wide.surface === narrow.surface
  return wide.organisation !== null && wide.organisation === narrow.organisation
}

const ageMonth = (person: Of<'person'>, age: number): number => {
  if (person.nextChange === null) return person.band === 'adult' ? -Infinity : Number.NaN
  const turns = { 'under-13': 13, '13-15': 16, '16-17': 18, adult: 18 }[person.band]
  const date = new Date(person.nextChange)
  date.setUTCFullYear(date.getUTCFullYear() + age - turns)
  return date.getTime()
}

export function permits(events: readonly Event[], placed: Of<'placed'>, weighing: Weighing): boolean {
  const { asked, known, mine, modes, noes, t } = weighing
  const line = ancestors(events, placed.version)
  const kind = last(all(events, 'surface').filter((event) => event.surface === placed.surface))?.type ?? ''
  const { organisation, surface, version } = placed
  const about = { kind, organisation, surface, version }
  if (!holdsFor(asked.about, about, line)) return false
  const mineOf = <E extends Event>(found: E[]): E[] =>
    found.filter((event) => 'permission' in event && event.permission === asked.permission)
  if (mineOf([...all(events, 'withdrawn'), ...all(events, 'declined'), ...all(events, 'expired')]).length > 0)
    return false
  const given = mineOf(all(events, 'given')).toSorted((a, b) => a.n - b.n)[0]
  const decided = given ? Math.min(given.at, given.signed ?? given.at) : Infinity
  if (!given || t < given.at || t < asked.starts || t >= asked.ends) return false
  const rules = rulesOf(events, placed, known.organisation)
  for (const rule of rules) {
    const widest = rule.widest[asked.route]
    if (widest === undefined || placed.circle > widest) return false
    if (t >= asked.base + (rule.days[asked.route] ?? rule.days.other) * dayLong) return false
    if (asked.route === 'best-interests' && placed.circle > 3 && !rule.condition) return false
  }
  const needed = [
    ...placed.modifiers,
    ...modes.map((mode) => ({ voice: 'voice', place: 'place', name: 'alias' })[mode]),
  ]
  for (const scope of [asked.scope, given.scope]) {
    if (placed.circle > scope.circle || !scope.purposes.includes(placed.purpose)) return false
    if (!modes.every((mode) => (scope.modes as readonly string[]).includes(mode))) return false
    if (!needed.every((one) => one === undefined || (scope.modifiers as readonly string[]).includes(one)))
      return false
  }
  const series = asked.about.surface === null && asked.about.version === null
  const seen = given.seen ?? []
  if (!series && (version === null ? !seen.includes(null) : !line.some((one) => seen.includes(one))))
    return false
  for (const suspension of mineOf(all(events, 'suspended'))) {
    const back = all(events, 'resumed').filter((event) => event.suspensions.includes(suspension.suspension))
    if (back.length === 0 || t < Math.min(...back.map(({ at }) => at))) return false
  }
  for (const no of noes) {
    const theirs = ['own', 'other-adult', 'young-person'].includes(asked.route)
    if (!given.after.includes(no.objection) || (no.whose === 'person' && !theirs)) return false
  }
  for (const age of [16, 18, ...rules.flatMap(({ askedAgainAt, decidesAt }) => [askedAgainAt, decidesAt])]) {
    const month = ageMonth(known, age)
    if (Number.isNaN(month) || (month > decided && t >= month)) return false
  }
  const everywhere = everybodyOn(events, placed.surface).get(asked.person)
  const adultAlone = asked.route === 'own' || asked.route === 'other-adult'
  if (everywhere?.has('face') && !adultAlone) {
    if (everywhere.has('name') || t < namelessFrom(events, placed.surface, asked.person)) return false
  }
  return routeHolds(events, placed, { asked, given, decided, known, mine, about, rules, t })
}

type Route = {
  asked: Of<'requested'>
  given: Of<'given'>
  /** When it was decided: what was signed on paper, on that day. */
  decided: number
  known: Of<'person'>
  mine: Of<'appears'>[]
  about: About
  rules: Rules[]
  t: number
}

function routeHolds(events: readonly Event[], placed: Of<'placed'>, route: Route): boolean {
  const { asked, given, decided, known, mine, about, rules, t } = route
  const records = all(events, 'record').filter(({ person }) => person === asked.person)
  const ended = (id: Id): number =>
    Math.min(...all(events, 'record-ended').flatMap((end) => (end.record === id ? [end.at] : [])))
  const lacksAt = (moment: number): Id[] =>
    records
      .filter(
        ({ at, record, facts, n }) =>
          facts.type === 'capacity' &&
          facts.outcome === 'lacks' &&
          holdsFor(facts.about, about) &&
          at <= moment &&
          moment < facts.review &&
          moment < ended(record) &&
          !records.some(
            (other) =>
              other.facts.type === 'capacity' &&
              other.facts.outcome !== 'lacks' &&
              holdsFor(other.facts.about, about) &&
              (other.at > at || (other.at === at && other.n > n)) &&
              other.at <= moment,
          ),
      )
      .map(({ record }) => record)
  /** Somebody who neither posted nor decided saw a paper, and nobody found that there is none. */
  const paperSeen = (record: Of<'record'>, deciders: readonly string[]): boolean => {
    const others = [placed.by, 'site', ...deciders]
    const own = record.facts.type === 'authority' && record.facts.sighted && !others.includes(record.by)
    const looks = all(events, 'reviewed').filter((look) => look.record === record.record)
    return (
      !all(events, 'disagreed').some((look) => look.record === record.record) &&
      ((own && t >= record.at) || looks.some((look) => look.at <= t && !others.includes(look.by)))
    )
  }
  const age = (years: number): boolean => t >= ageMonth(known, years)
  const lostSince = (): boolean => {
    if (lacksAt(decided).length > 0) return true
    const moments = records.map(({ at }) => at).filter((at) => at > decided && at <= t)
    return moments.some((moment) => lacksAt(moment).length > 0)
  }
  const lacks = (): boolean => {
    const named = records.find(({ record }) => record === given.capacity)
    return (
      named?.facts.type === 'capacity' &&
      holdsFor(named.facts.about, asked.about) &&
      lacksAt(t).includes(named.record)
    )
  }
  /** The first of some records that holds only after the decision. */
  const firstAfter = <R extends { from: number; to: number }>(found: R[]): R | undefined =>
    found
      .filter(({ from, to }) => from > given.at && from < to)
      .toSorted((one, other) => one.from - other.from)[0]
  const attorneyLacks = (): boolean => {
    const wide = (id: Id): boolean =>
      records.some(
        ({ record, facts }) =>
          record === id && facts.type === 'capacity' && holdsFor(facts.about, asked.about),
      )
    const then = lacksAt(given.at).filter(wide)
    const known = then.includes(given.capacity ?? '') ? given.capacity : then.at(-1)
    const after = records
      .toSorted((one, other) => one.at - other.at || one.n - other.n)
      .filter(({ at, record }) => at > given.at && wide(record) && lacksAt(at).includes(record))[0]?.record
    const rests = known ?? after
    return rests !== undefined && lacksAt(t).includes(rests)
  }
  /** The paper that the decision rests on, while it holds. */
  const authority = (): Of<'record'> | undefined => {
    const papers = records
      .toSorted((one, other) => one.at - other.at || one.n - other.n)
      .flatMap((event) => {
        const { record, facts, at } = event
        return facts.type === 'authority' &&
          holdsFor(facts.about, asked.about) &&
          facts.welfare &&
          facts.registered
          ? [
              {
                event,
                record,
                from: Math.max(facts.starts, at),
                to: Math.min(facts.ends ?? Infinity, ended(record)),
              },
            ]
          : []
      })
    const then = papers.filter(({ from, to }) => from <= given.at && given.at < to)
    const rests = then.find(({ record }) => record === given.authority) ?? then.at(-1) ?? firstAfter(papers)
    return rests !== undefined && rests.from <= t && t < rests.to ? rests.event : undefined
  }
  const answers = all(events, 'answered').filter(({ permission }) => permission === asked.permission)
  const anyNo = answers.some(({ answer }) => answer === 'no')
  const holders = (): boolean => {
    const known = records.flatMap(({ record, facts }) => (facts.type === 'holder' ? [{ record, facts }] : []))
    const open = known.filter(({ record }) => ended(record) === Infinity)
    if (open.length === 0 || anyNo) return false
    return known.every(({ facts }) => {
      const yes = answers.some(
        ({ holder, circle, at }) => holder === facts.holder && placed.circle <= circle && at <= t,
      )
      const over = known
        .filter((one) => one.facts.holder === facts.holder)
        .every(({ record }) => ended(record) <= t)
      return yes || over
    })
  }
  /** A guardian or a council, one of them or all, by a paper that somebody else saw. */
  const orders = (only?: Id): boolean =>
    records.every((record) => {
      const { facts } = record
      if (facts.type !== 'holder' || facts.as === 'parent' || ended(record.record) !== Infinity) return true
      if (only !== undefined && only !== facts.holder) return true
      const theirs = answers.filter(({ holder }) => holder === facts.holder)
      return paperSeen(
        record,
        theirs.map(({ by }) => by),
      )
    })
  const competentAt = (moment: number): boolean => {
    const about17 = records
      .filter(({ facts, at }) => facts.type === 'competence' && holdsFor(facts.about, about) && at <= moment)
      .toSorted((a, b) => a.at - b.at || a.n - b.n)
    const now = about17.at(-1)
    return now?.facts.type === 'competence' && now.facts.outcome === 'competent' && moment < ended(now.record)
  }
  const looked = given.assent !== null || mine.every(({ assent }) => assent !== null)
  const seenYes = given.assent === 'yes' || mine.every(({ assent }) => assent === 'yes')
  switch (asked.route) {
    case 'own':
    case 'other-adult':
      return age(18) && !lostSince()
    case 'attorney': {
      const paper = authority()
      return (
        age(Math.max(...rules.map((rule) => rule.paperFrom))) &&
        paper !== undefined &&
        paperSeen(paper, [given.by]) &&
        attorneyLacks() &&
        looked
      )
    }
    case 'best-interests': {
      const record = records.find(({ record }) => record === given.bestInterests)
      const facts = record?.facts
      if (!record || facts?.type !== 'best-interests' || !holdsFor(facts.about, asked.about)) return false
      if (t < record.at || t >= facts.review || t >= ended(record.record)) return false
      if (facts.circle === null || placed.circle > facts.circle) return false
      if (!facts.purposes.includes(placed.purpose) || facts.consulted < 1 || facts.decider === placed.by)
        return false
      const independent = all(events, 'reviewed').some(
        (look) =>
          look.record === record.record &&
          look.at <= t &&
          ![facts.decider, placed.by, 'site'].includes(look.by),
      )
      const disagreed = all(events, 'disagreed').some((look) => look.record === record.record)
      if (placed.circle >= 5 && (!independent || disagreed)) return false
      return age(16) && lacks() && looked && (age(18) || (holders() && orders()))
    }
    case 'parents': {
      const decides = Math.min(16, ...rules.map(({ decidesAt }) => decidesAt))
      const first = Math.min(
        ...records
          .filter(({ at, facts }) => facts.type === 'competence' && competentAt(at))
          .map(({ at }) => at),
      )
      const all = records.some(
        ({ record, at, facts }) => facts.type === 'holders-all' && at <= t && t < ended(record),
      )
      return !age(decides) && t < first && all && holders() && orders() && seenYes
    }
    case 'young-person': {
      const decides = Math.max(...rules.map(({ decidesAt }) => decidesAt))
      const yes = answers.filter(({ answer, circle }) => answer === 'yes' && placed.circle <= circle)
      const parentToo = rules.some((rule) => rule.parentToo)
      const agreed = anyNo
        ? false
        : yes.length > 0
          ? yes.some(({ at, holder }) => t >= at && (!parentToo || orders(holder)))
          : !parentToo
      return (
        !age(18) && (age(Math.min(16, decides)) || competentAt(t)) && (age(decides) || agreed) && !lostSince()
      )
    }
    case 'nobody':
      return false
  }
}
