import { bringInStep, previewStep, takeBackStep } from '#letters/server/import/steps.ts'
import { bringInDirectory, giveDirectory, undoDirectory } from '#letters/server/writes/directory-import.ts'
import type { Counts } from '#letters/directory.ts'
import { theSite } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

const now = new Date('2027-10-19T10:00:00Z')

/** Answers a file a few bytes at a time, so that everything is cut somewhere. */
export async function* inParts(words: string | Buffer, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(words)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export const from = {
  formKey: '',
  source: 'people.json',
  link: 'https://example.org/people.json',
  licence: 'CC0',
}

/** What a test does with imports of its database. */
export function importing(db: Db) {
  const give = async (
    words: string | Buffer,
    over: Partial<typeof from & { retrieved: string; size: number }> = {},
  ) => {
    const { size = 7, ...rest } = over
    const given = { ...from, retrieved: '2027-10-01', ...rest, bytes: inParts(words, size), quiet: true }
    const { id } = await giveDirectory(db, theSite, given, now)
    await previewStep(db, id)
    return id
  }
  const bringIn = async (id: string, at = now) => {
    await bringInDirectory(db, theSite, { formKey: '', id, quiet: true }, at)
    await bringInStep(db, id, at)
  }
  const undo = async (id: string) => {
    await undoDirectory(db, theSite, { formKey: '', id, quiet: true }, now)
    return takeBackStep(db, id, now)
  }
  const imported = async (id: string) => {
    const row = await db
      .selectFrom('directoryImports')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return {
      ...row,
      counts: row.counts as Counts,
      problem: row.problem as { key: string; params: object } | null,
      leftOut: row.leftOut as { count: number; first: { line: number; key: string }[] },
    }
  }
  const rows = async () => {
    const [people, memberships, posts, contacts, organisations, areas] = await Promise.all([
      db.selectFrom('directoryPeople').selectAll().orderBy('key').execute(),
      db.selectFrom('directoryMemberships').selectAll().orderBy('key').execute(),
      db.selectFrom('directoryPosts').selectAll().orderBy('key').execute(),
      db.selectFrom('directoryContacts').selectAll().orderBy('key').execute(),
      db.selectFrom('directoryOrganisations').selectAll().orderBy('key').execute(),
      db.selectFrom('directoryAreas').selectAll().orderBy('key').execute(),
    ])
    return { people, memberships, posts, contacts, organisations, areas }
  }

  const empty = async (): Promise<void> => {
    const tables = ['directoryMemberships', 'directoryContacts', 'directoryPosts', 'directoryPeople'] as const
    await db.deleteFrom('directoryImports').execute()
    for (const table of tables) await db.deleteFrom(table).execute()
    await db.deleteFrom('directoryOrganisations').execute()
    await db.deleteFrom('directoryAreas').execute()
  }
  return { give, bringIn, undo, imported, rows, empty }
}

/** A parliament as it is published, with everything that makes reading one hard. */
export const parliament = {
  memberships: [
    { id: 'm/1', person_id: 'p/1', post_id: 'c/1', on_behalf_of_id: 'yellow', start_date: '2024-07-04' },
    {
      id: 'm/0',
      person_id: 'p/0',
      post_id: 'c/1',
      start_date: '1992',
      end_date: '1997-05',
      end_reason: 'died',
    },
    { id: 'm/2', redirect: 'm/1' },
    {
      id: 'm/3',
      person_id: 'p/2',
      organization_id: 'lords',
      role: 'Peer',
      label: 'Peer',
      start_date: '2010-01-01',
    },
  ],
  organizations: [
    { id: 'commons', name: 'House of Commons', classification: 'chamber' },
    { id: 'lords', name: 'House of Lords', classification: 'chamber' },
    { id: 'yellow', name: 'Yellow Party', classification: 'party' },
  ],
  persons: [
    {
      id: 'p/1',
      identifiers: [{ scheme: 'x', identifier: '1' }],
      other_names: [
        { note: 'Main', given_name: 'Zoë', family_name: 'Khan', start_date: '2020-01-01' },
        { note: 'Main', given_name: 'Zoë', family_name: 'Old', end_date: '2019-12-31' },
        { note: 'Alternate', name: 'Z. {Khan} "brackets]"' },
      ],
      contact_details: [{ type: 'email', value: 'zoe@parliament.example' }],
    },
    { id: 'p/0', redirect: 'p/9' },
    { id: 'p/9', redirect: 'p/1' },
    {
      id: 'p/2',
      other_names: [{ note: 'Main', honorific_prefix: 'Baroness', lordname: 'Hill', lordofname: 'Leeds' }],
    },
  ],
  posts: [
    {
      id: 'c/1',
      area: { name: 'Leeds North' },
      label: 'MP for Leeds North',
      role: 'MP',
      organization_id: 'commons',
    },
  ],
}
/** Answers that parliament, as a file, with some of its lists put otherwise. */
export const popolo = (over: object = {}) => JSON.stringify({ ...parliament, ...over }, null, 1)
