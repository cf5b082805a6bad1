import { sql } from 'kysely'
import type { ChangeKind, ContactState, ContactType, Counts, Sort } from '#letters/directory.ts'
import { refOf, type Outcome } from '#letters/correction.ts'
import { refPattern } from '#letters/directory.ts'
import { laterImport } from '#letters/server/import/later.ts'
import type { LeftOutAll } from '#letters/server/import/stage.ts'
import type { Kept } from '#letters/server/import/steps.ts'
import { mayCorrectDirectory, mayKeepDirectory } from '#letters/may.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import { missing } from '#kernel/refusal.ts'
import { plainWords } from '#kernel/words.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

export type KnownContact = {
  id: string
  of: 'person' | 'post' | 'organisation'
  type: ContactType
  value: string
  source: string | null
  licence: string | null
  retrieved: string | null
  confirmed: string | null
  state: ContactState
}

/** Answers one office with every way to reach it that is known, where each comes from, and how far it is trusted; looks like nothing is there when it has ended. */
export async function officePage(
  db: Db,
  ref: string,
  now: Date,
): Promise<{ office: Office; contacts: KnownContact[] }> {
  if (!refPattern.test(ref)) throw missing()
  const [office] = await officesBy(db, [ref], now)
  if (!office) throw missing()
  const { rows } = await sql<KnownContact>`
    select contact.id, contact.type, contact.value, contact.source, contact.licence,
      case when person is not null then 'person' when post is not null then 'post' else 'organisation' end as "of",
      contact.confirmed::text as confirmed, contact.state, import.retrieved::text as retrieved
    from directory_contacts contact left join directory_imports import on import.id = contact.import
    where (contact.person = ${office.person}::uuid or contact.post = ${office.post}::uuid
        or contact.organisation = ${office.organisation}::uuid)
      and contact.state not in ('replaced', 'withdrawn')
      and (contact.valid_until is null or contact.valid_until >= ${now.toISOString().slice(0, 10)}::date)
    order by contact.person is null, contact.post is null, contact.type, contact.id limit 30`.execute(db)
  return { office, contacts: rows }
}

/** Answers what somebody said is wrong and nobody has decided, oldest first, at most a hundred, to whoever may decide it. */
export async function openCorrections(db: Db, viewer: Viewer, now: Date) {
  if (!mayCorrectDirectory(viewer)) throw missing()
  const rows = await db
    .selectFrom('directoryCorrections')
    .select(['id', 'person', 'post', 'organisation', 'contact', 'words', 'evidence', 'email', 'created'])
    .where('state', '=', 'proposed')
    .orderBy('created')
    .limit(100)
    .execute()
  const offices = new Map((await officesBy(db, rows.map(refOf), now)).map((one) => [one.ref, one]))
  const contacts = await contactsOf(db, [...offices.values()])
  return rows.map((row) => {
    const office = offices.get(refOf(row))
    return {
      ...row,
      ref: refOf(row),
      office: office?.label ?? '',
      contacts: contacts.filter((one) => one.whose !== null && office && idsOf(office).includes(one.whose)),
    }
  })
}

const idsOf = ({ person, post, organisation }: Office): string[] =>
  [person, post, organisation].filter((id) => id !== null)

/** Answers the addresses, e-mails and telephone numbers of offices that a correction can replace, with whose each is. */
async function contactsOf(db: Db, offices: readonly Office[]) {
  const ids = offices.flatMap(idsOf)
  const { rows } = await sql<{ id: string; type: ContactType; value: string; whose: string | null }>`
    select id, type, value, coalesce(person, post, organisation) as whose from directory_contacts
    where (person = any(${ids}::uuid[]) or post = any(${ids}::uuid[]) or organisation = any(${ids}::uuid[]))
      and type in ('address', 'email', 'voice') and state not in ('replaced', 'withdrawn')
    order by type, id limit 2000`.execute(db)
  return rows
}

/** Answers the corrections that were accepted last and changed something, newest first, at most twenty, to whoever may take them back. */
export async function acceptedCorrections(db: Db, viewer: Viewer, now: Date) {
  if (!mayCorrectDirectory(viewer)) throw missing()
  const rows = await db
    .selectFrom('directoryCorrections')
    .select(['id', 'person', 'post', 'organisation', 'outcome', 'words', 'decided'])
    .where('state', '=', 'accepted')
    .where('outcome', '<>', 'noted')
    .orderBy('decided', 'desc')
    .limit(20)
    .execute()
  const offices = new Map((await officesBy(db, rows.map(refOf), now)).map((one) => [one.ref, one.label]))
  return rows.map((row) => ({
    id: row.id,
    ref: refOf(row),
    office: offices.get(refOf(row)) ?? null,
    outcome: row.outcome as Outcome,
    words: row.words,
    decided: row.decided,
  }))
}

/** Answers what was brought in, newest first, at most fifty, to whoever keeps the directory. */
export async function listDirectoryImports(db: Db, viewer: Viewer) {
  if (!mayKeepDirectory(viewer)) throw missing()
  return db
    .selectFrom('directoryImports')
    .select(['id', 'source', 'state', 'created', 'retrieved', 'licence'])
    .orderBy('created', 'desc')
    .limit(50)
    .execute()
}

export const changesShown = 50

/** Answers one import with a page of what it changes, row by row, and with the one that has to be taken back before it. */
export async function directoryImport(
  db: Db,
  viewer: Viewer,
  { id, page, what }: { id: string; page: number; what: ChangeKind | null },
) {
  if (!mayKeepDirectory(viewer) || !/^[0-9a-f-]{36}$/.test(id)) throw missing()
  const row = await db.selectFrom('directoryImports').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw missing()
  const changes = await db
    .selectFrom('directoryChanges')
    .select(['sort', 'key', 'what', 'before', 'after'])
    .where('import', '=', id)
    .$if(what !== null, (query) => query.where('what', '=', what ?? 'new'))
    .orderBy('sort')
    .orderBy('key')
    .limit(changesShown)
    .offset((page - 1) * changesShown)
    .execute()
  return {
    ...row,
    counts: row.counts as Counts,
    leftOut: row.leftOut as Partial<LeftOutAll>,
    problem: row.problem as { key: string; params: Record<string, string | number> } | null,
    choices: row.choices as Kept,
    later: row.state === 'done' ? await laterImport(db, row) : null,
    names: await namesOf(db, id, changes as { before: Fields | null; after: Fields }[]),
    changes: changes as { sort: Sort; key: string; what: ChangeKind; before: Fields | null; after: Fields }[],
  }
}

export type Fields = Record<string, string>

/** The fields that name another row by its key. */
export const keyFields: readonly string[] = ['parent', 'area', 'organisation', 'post', 'person']

/** What the rows are called that changes name by their keys: as the import has them, else as they stand there. */
async function namesOf(
  db: Db,
  id: string,
  changes: readonly { before: Fields | null; after: Fields }[],
): Promise<Map<string, string>> {
  const keys = new Set(
    changes.flatMap(({ before, after }) =>
      keyFields.flatMap((field) => [before?.[field] ?? [], after[field] ?? []]),
    ),
  )
  if (keys.size === 0) return new Map()
  const all = [...keys].flat()
  const { rows } = await sql<{ key: string; name: string }>`
    select key, name from directory_areas where key = any(${all})
    union all select key, name from directory_organisations where key = any(${all})
    union all select key, name from directory_people where key = any(${all})
    union all select key, label from directory_posts where key = any(${all})
    union all select key, coalesce(after->>'name', after->>'label') from directory_changes
      where import = ${id} and key = any(${all}) and sort in ('area', 'organisation', 'person', 'post')`.execute(
    db,
  )
  return new Map(rows.flatMap(({ key, name }) => (name === null ? [] : [[key, name] as const])))
}

/** Answers the pauses that are on or to come, and bodies that words fit (parliaments without words), to whoever keeps the directory. */
export async function pausesPage(db: Db, viewer: Viewer, words: string, now: Date) {
  if (!mayKeepDirectory(viewer)) throw missing()
  const today = now.toISOString().slice(0, 10)
  const pauses = await db
    .selectFrom('directoryPauses as p')
    .innerJoin('directoryOrganisations as o', 'o.id', 'p.organisation')
    .select(['p.id', 'o.name', 'p.fromDay', 'p.toDay', 'p.reason'])
    .where('p.toDay', '>=', today)
    .orderBy('p.fromDay')
    .limit(200)
    .execute()
  const all = plainWords(words)
    .split(' ')
    .filter(Boolean)
    .slice(0, 8)
    .map((word) => `${word}:*`)
    .join(' & ')
  const bodies = await db
    .selectFrom('directoryOrganisations')
    .select(['id', 'name'])
    .where((on) => on.or([on('ended', 'is', null), on('ended', '>=', today)]))
    .where(all === '' ? sql<boolean>`classification = 'parliament'` : sql<boolean>`search @@ ${all}::tsquery`)
    .orderBy('name')
    .limit(100)
    .execute()
  return { pauses, bodies }
}
