import type { RecordView } from '#consent/server/reads/records.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { circleNames } from '#kernel/permission-words.ts'
import { sayDays } from '#kernel/times.ts'

/** Says what a record says, in one line; its words are in the evidence store. */
export function sayFacts(facts: RecordView['facts'], language: Language): string {
  const text = textIn(language)
  const day = (at: number | null): string => {
    if (at === null) return 'none'
    const date = new Date(at).toISOString().slice(0, 10)
    return sayDays(date, date, language)
  }
  switch (facts.type) {
    case 'authority':
      return text('organisations.records.authority-says', {
        welfare: facts.welfare ? 'yes' : 'no',
        registered: facts.registered ? 'yes' : 'no',
        sighted: facts.sighted ? 'yes' : 'no',
        from: day(facts.starts),
        to: day(facts.ends),
      })
    case 'capacity':
      return text(`organisations.records.outcome.${facts.outcome}`, { day: day(facts.review) })
    case 'competence':
      return text(`organisations.records.outcome.${facts.outcome}`)
    case 'best-interests':
      return text('organisations.records.decision-says', {
        circle: facts.circle === null ? 'none' : text(`circle.${circleNames[facts.circle] ?? 'supporting'}`),
        consulted: facts.consulted,
        day: day(facts.review),
      })
    case 'holder':
      return text(`organisations.records.as.${facts.as}`, { label: facts.label ?? '' })
    case 'holders-all':
      return text('organisations.records.all-says')
  }
}

/** Says what a record is about: one story, by its title, or all; null for what is about the person alone. */
export function sayAbout(
  facts: RecordView['facts'],
  titles: ReadonlyMap<string, string>,
  language: Language,
): string | null {
  if (!('about' in facts)) return null
  const { surface } = facts.about
  const text = textIn(language)
  if (surface === null) return text('organisations.records.about-all')
  const title = titles.get(surface)
  return text('organisations.records.about-one', { known: title ? 'yes' : 'no', title: title ?? '' })
}
