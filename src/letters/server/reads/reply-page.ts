import { sql } from 'kysely'
import { pressOf, type Press, type RequestState } from '#letters/reply.ts'
import { isLeftAlone } from '#letters/server/reads/do-not-write.ts'
import { surelyOffice } from '#letters/server/writes/leave-alone.ts'
import type { Db } from '#platform/server/db.ts'

export type ReplyPage = {
  code: string
  week: string
  /** The office, when it is one of the directory's: what somebody typed is not shown to whoever has a code. */
  office: string | null
  /** Several people signed it, and hear what the office says. */
  joint: boolean
  /** Whoever is named in it says that they did not write it: it is erased, and nobody waits for an answer. */
  disowned: boolean
  /** What is asked, in the words of the ask; never the letter's own. */
  ask: { name: string; words: string; answer: 'yes-no' | 'date' } | null
  /** What the office said before. */
  said: { press: Press | null; promise: string | null; due: string | null } | null
  /** Whether asking not to be written to counts at once, because only the office can press here. */
  sure: boolean
  /** How it stands with that: it counts, whatever the office answered since; or it is asked, and a person looks at it, has declined it, or it was lifted again. */
  alone: 'counts' | 'waiting' | 'declined' | 'lifted' | null
}

/** Its letter has left, and whoever is named in it says that they did not write it. */
export const disownedThere = sql<boolean>`(l.not_me is not null
  and (d.left_us is not null or d.state in ('sending', 'uncertain')))`

/** What an office can still open: its letter is not erased, or it deserves to hear why. */
export const notGone = sql<boolean>`(l.erased is null or ${disownedThere})`

type Words = Record<string, string>

/** Answers what the page of an office shows, by the code and by what the address in a mail has besides it: never who wrote, nor what. Null when there is no such code, or its letter is erased; of one that has left and that somebody says they did not write, only that. */
export async function replyPage(
  db: Db,
  { code, seal }: { code: string; seal: string | null },
  language: string,
): Promise<ReplyPage | null> {
  const row = await db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .innerJoin('weeks as w', 'w.year', 'l.week')
    .leftJoin('asks as a', (on) => on.onRef('a.week', '=', 'l.week').onRef('a.code', '=', 'l.ask'))
    .leftJoin('letterReplies as r', (on) =>
      on.onRef('r.delivery', '=', 'd.id').on('r.via', '=', 'reply-page'),
    )
    .leftJoin('promises as p', 'p.reply', 'r.id')
    .leftJoin('doNotWriteRequests as q', 'q.delivery', 'd.id')
    .select(['d.code', 'd.office', 'd.person', 'd.post', 'd.organisation', 'w.name as week'])
    .select(['a.names', 'a.words', 'a.answer', 'r.kind', 'p.words as promise', 'p.due'])
    .select(['d.address', 'd.email', 'd.channel', 'd.leftUs', 'q.state as asked', 'l.writer'])
    .where('d.code', '=', code)
    .select(disownedThere.as('disowned'))
    .where(notGone)
    .executeTakeFirst()
  if (!row) return null
  const known = row.person !== null || row.post !== null || row.organisation !== null
  const press = row.kind === null ? null : pressOf(row.kind)
  const inLanguage = (words: unknown): string => {
    const all = (words ?? {}) as Words
    return all[language] ?? all['en'] ?? ''
  }
  return {
    code: row.code,
    week: row.week,
    office: known ? row.office : null,
    joint: row.writer === 'joint',
    disowned: row.disowned,
    ask:
      row.answer === null || row.disowned
        ? null
        : { name: inLanguage(row.names), words: inLanguage(row.words), answer: row.answer },
    said: row.kind === null ? null : { press, promise: row.promise, due: row.due },
    sure: surelyOffice(row, seal),
    alone: (await isLeftAlone(db, row)) ? 'counts' : press === 'do-not-write' ? openOf(row.asked) : null,
  }
}

/** Of what an office asked that does not count: nobody decided, somebody declined, or it counted once. */
const openOf = (asked: RequestState | null) =>
  asked === 'waiting' || asked === 'declined' ? asked : ('lifted' as const)
