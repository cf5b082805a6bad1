import { noChoices, type Choices } from '#activities/import.ts'
import { importRows } from '#activities/server/reads/import.ts'
import { tellImportedHosts } from '#activities/server/tasks/after-import.ts'
import { bringInPressed, readGiven } from '#activities/server/tasks/import.ts'
import { chooseForImport, doImport, previewImport } from '#activities/server/writes/import.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { makeWeek } from './make.ts'

/** When the imports of a test happen. */
export const importing = new Date('2027-09-01T10:00:00Z')

/** The columns that most files of the tests have. */
export const importHead = 'id,title,kind,date,time,end time,town,private\n'

/** Makes an account; answers who has signed in with it. */
export async function makeViewer(
  db: Db,
  email: string,
  { trusted = false, role }: { trusted?: boolean; role?: 'organiser' } = {},
): Promise<Viewer> {
  const { id } = await db
    .insertInto('accounts')
    .values({ email, name: email, trusted })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (role) await db.insertInto('roles').values({ account: id, role }).execute()
  return { account: id, email, name: email, roles: role ? [{ role, group: null, organisation: null }] : [] }
}

/** Makes the week and the few towns that files name: one Leeds, one York, three Newports. */
export async function makeImportWorld(db: Db): Promise<void> {
  await makeWeek(db)
  await db.deleteFrom('places').execute()
  const town = {
    region: 'ENG',
    country: 'GB',
    lat: 53.8,
    lon: -1.55,
    population: 455_000,
    zone: 'Europe/London',
  }
  const american = { region: 'RI', country: 'US', population: 25_000, zone: 'America/New_York' }
  await db
    .insertInto('places')
    .values([
      { ...town, id: 1, name: 'Leeds' },
      { ...town, id: 2, name: 'York', lat: 53.96, lon: -1.08 },
      { ...town, id: 3, name: 'Newport', region: 'WLS', population: 145_000 },
      { ...town, ...american, id: 4, name: 'Newport' },
      { ...town, id: 5, name: 'Newport', population: 26_000 },
    ])
    .execute()
}

/** Forgets what was brought in before. */
export async function forgetImported(db: Db): Promise<void> {
  for (const table of ['imports', 'activities', 'rateCounts', 'mails'] as const)
    await db.deleteFrom(table).execute()
}

const read = readGiven({ most: 1e6, longest: 2000, redirects: 0 })

/** Gives a file, and answers the choices it asks for; answers the import's id. */
export async function give(
  db: Db,
  viewer: Viewer,
  words: string | Uint8Array,
  choices: Partial<Choices> = {},
): Promise<string> {
  const bytes = typeof words === 'string' ? new TextEncoder().encode(words) : words
  const file = { name: 'a.csv', bytes }
  const { id } = await previewImport(db, viewer, { file, address: null, formKey: '' }, importing)
  await readAgain(db, id)
  if (Object.keys(choices).length > 0) {
    await chooseForImport(db, viewer, { id, ...noChoices, ...choices }, importing)
    await readAgain(db, id)
  }
  return id
}

/** Reads a given file, as the worker does. */
export const readAgain = (db: Db, id: string): Promise<void> => read(db, { import: id }, importing)

/** Presses "bring them in", but for the lines to leave out. */
export async function press(
  db: Db,
  viewer: Viewer,
  id: string,
  { leave = [], tellHosts = false }: { leave?: number[]; tellHosts?: boolean } = {},
): Promise<void> {
  await doImport(db, viewer, { id, leave, tellHosts, formKey: '' }, importing)
  await bringInPressed(db, { import: id }, importing)
  await tellImportedHosts(db, { import: id }, importing)
  await tellImportedHosts(db, { import: id }, importing)
}

/** The first page of an import's rows. */
export const rowsOf = (db: Db, id: string) => importRows(db, id, { show: null, page: 1 })

/** Everything that was brought in. */
export const broughtIn = (db: Db) => db.selectFrom('activities').selectAll().orderBy('title').execute()
