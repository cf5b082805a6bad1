import { inWords } from '#letters/door.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

export type Door = {
  nation: string
  subject: string
  name: string
  answer: string
  looksFor: string[]
  role: string | null
  source: string | null
  checked: string | null
  retired: boolean
  revision: number
}

/** Answers what people write about in a nation, with who decides it there, in the order in which it is offered; retired ones only to whoever keeps the directory. */
export async function doorsOf(db: Db, nation: string, language: string): Promise<Door[]> {
  const rows = await db
    .selectFrom('doors')
    .selectAll()
    .where('nation', '=', nation)
    .where('retired', '=', false)
    .orderBy('position')
    .orderBy('subject')
    .limit(100)
    .execute()
  return rows.map((row) => said(row, language))
}

/** Answers every door, of all nations, to whoever may change them. */
export async function allDoors(db: Db, viewer: Viewer, language: string): Promise<Door[]> {
  if (!mayKeepDirectory(viewer)) throw missing()
  const rows = await db
    .selectFrom('doors')
    .selectAll()
    .orderBy('position')
    .orderBy('subject')
    .orderBy('nation')
    .limit(500)
    .execute()
  return rows.map((row) => said(row, language))
}

/** Answers one door to whoever may change it; looks like nothing is there to others. */
export async function doorOf(
  db: Db,
  viewer: Viewer,
  { nation, subject, language }: { nation: string; subject: string; language: string },
): Promise<Door> {
  const found = (await allDoors(db, viewer, language)).find(
    (door) => door.nation === nation && door.subject === subject,
  )
  if (!found) throw missing()
  return found
}

type Row = Omit<Door, 'name' | 'answer'> & { names: unknown; answers: unknown }

const said = ({ names, answers, ...row }: Row, language: string): Door => ({
  nation: row.nation,
  subject: row.subject,
  name: inWords(names, language),
  answer: inWords(answers, language),
  looksFor: row.looksFor,
  role: row.role,
  source: row.source,
  checked: row.checked,
  retired: row.retired,
  revision: row.revision,
})
