import type { Language } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'
import { plainPage } from '#site/server/reads.ts'

/** A paragraph that leads to where this one stands already. */
const leadsHere = /<p>(?:(?!<\/p>).)*href="\/reply"(?:(?!<\/p>).)*<\/p>/gs

/** Answers what an office may want to know, to stand below its reply. */
export async function aboutOffices(
  db: Db,
  language: Language,
): Promise<{ title: string; html: string } | null> {
  const page = await plainPage(db, 'for-offices', language)
  return page && { ...page, html: page.html.replaceAll(leadsHere, '') }
}
