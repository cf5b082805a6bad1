import type { DecidedFor, Part } from '#consent/server/reads/sighting.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { sayFacts } from '../organisations/[slug]/shown/[person]/facts.ts'

/** How it was decided for somebody, said in words: the way, who decided and who wrote down what, by their part; by name only the account by which a link was answered. */
export type DecidedLine = {
  label: string
  way: string
  by: string
  /** What is still to be written down. */
  lacking: readonly string[]
  records: readonly { id: string; kind: string; says: string; by: string; seen: boolean | null }[]
}

/** Says how it was decided for everybody on a surface. */
export function decidedLines(decided: readonly DecidedFor[], language: Language): DecidedLine[] {
  const text = textIn(language)
  return decided.map(({ label, route, by, signer, name, lacking, records }, at) => {
    const who = (part: Part): string => text(`desk.how.by.${part}`)
    return {
      label: label || text('desk.pictures.somebody', { number: at + 1 }),
      way: text(`organisations.way.${route}`),
      by:
        signer === null
          ? text(name === '' ? 'desk.how.by' : 'desk.how.by-name', { who: who(by), name })
          : text('desk.how.paper', { who: text(`organisations.signer.${signer}`) }),
      lacking: lacking.map((why) => text(`consent.why.${why}`)),
      records: records.map(({ id, facts, by: writer, decided: same, seen }) => ({
        id,
        seen,
        kind: text(`organisations.records.kind.${facts.type}`),
        says: facts.type === 'holder' ? text(`records.holders.${facts.as}`) : sayFacts(facts, language),
        by: text(same ? 'desk.how.written-decider' : 'desk.how.written', { who: who(writer) }),
      })),
    }
  })
}
