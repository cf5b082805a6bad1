import { randomUUID } from 'node:crypto'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { askedForm } from '#consent/asking.ts'
import type { Placing, Shown } from '#consent/permission.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import type { Circle, Mode, Route } from '#kernel/permission-words.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { makeAccount, makeMember, makeOrganisation } from '../organisations.ts'

/** A school with a lead and a vetted practitioner, a teacher who posts, and somebody who reviews for the site. */
export type Stage = {
  db: Db
  school: string
  lead: Viewer
  vetted: Viewer
  teacher: Viewer
  reviewer: Viewer
  by: string
}

export async function stageFor(db: Db): Promise<Stage> {
  const name = randomUUID().slice(0, 8)
  const { id: school } = await makeOrganisation(db)
  await db
    .insertInto('policies')
    .values({
      organisation: school,
      version: 1,
      rules: JSON.stringify({ ...schoolPolicy }),
      created: '2026-01-01T00:00:00Z',
    })
    .execute()
  const teacher = await makeMember(db, school, { name: `teacher-${name}` })
  return {
    db,
    school,
    lead: await makeMember(db, school, { name: `lead-${name}`, lead: true }),
    vetted: await makeMember(db, school, { name: `vetted-${name}`, vetted: true }),
    teacher,
    reviewer: await makeAccount(db, `reviewer-${name}`, { role: 'reviewer' }),
    by: teacher.account ?? '',
  }
}

export const schoolPolicy = {
  nation: 'england',
  widest: {
    own: 6,
    attorney: 5,
    'best-interests': 5,
    parents: 5,
    'young-person': 5,
    'other-adult': 6,
    nobody: 5,
  },
  purposes: ['celebrate', 'teach'],
  days: { 'best-interests': 180, other: 365 },
  condition: 'Article 9(2)(g)',
  basis: 'Public task',
  askedAgainAt: 13,
  decidesAt: 16,
  parentToo: true,
  originals: 60,
  delay: 14,
}

/** Makes a picture as media leaves it: ready, described, with one rendition. */
export async function makePicture(
  db: Db,
  over: { surface?: string; source?: string; words?: string; coveredBy?: string; sha256?: Buffer } = {},
): Promise<{ version: string; surface: string; key: string }> {
  const surface = over.surface ?? randomUUID()
  const { id: upload } = await db
    .insertInto('uploads')
    .values({ surface, bytes: 1000, received: 1000, state: 'made', sha256: over.sha256 ?? null })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: version } = await db
    .insertInto('versions')
    .values({
      upload,
      surface,
      source: over.source ?? null,
      coveredBy: over.coveredBy ?? null,
      words: over.words ?? 'Two people at a drum.',
      state: 'made',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const key = `${randomUUID()}.jpg`
  await db
    .insertInto('renditions')
    .values({ version, width: 640, height: 480, format: 'jpg', bytes: 40_000, key })
    .execute()
  return { version, surface, key }
}

export const placing = (stage: Stage, over: Partial<Placing> & { surface: string }): Placing => ({
  type: 'story',
  version: null,
  circle: 5,
  purpose: 'celebrate',
  modifiers: [],
  organisation: stage.school,
  notBefore: null,
  by: stage.by,
  ...over,
})

export const adult = (over: Partial<Shown> = {}): Shown => ({
  who: { label: 'S.K.', ageBand: 'adult', nextChange: null },
  modes: ['face'],
  names: [],
  seen: 'yes',
  ...over,
})

export const asking = (over: {
  surface: string
  person: string
  by: string
  route?: Route
  circle?: Circle
}) => ({
  version: null,
  route: 'own' as Route,
  circle: 5 as Circle,
  purposes: ['celebrate' as const],
  modifiers: [],
  modes: ['face', 'body'] satisfies Mode[] as Mode[],
  holder: null,
  formKey: '',
  ...over,
})

/** What somebody who decides themselves was asked. */
export const theForm = askedForm(
  { voice: 'you', circle: 5, beyond: null, label: 'S.K.', until: '31 October 2028' },
  'en',
)

export const deciding = (over: {
  token: string
  permission: string
  answer?: 'yes' | 'no' | 'not-sure'
}) => ({
  answer: 'yes' as const,
  circle: null,
  modifiers: [],
  seen: null,
  formHash: null,
  formKey: '',
  form: theForm,
  ...over,
})

export type Told = { surface: string; version: string; key: string; person: string; said: string }

/** A picture with people in it, said and checked, and asked to be public; nobody has been asked yet. */
export async function tellAndCheck(
  stage: Stage,
  now: Date,
  over: { people?: Shown[]; notBefore?: Date; surface?: string } = {},
): Promise<Told & { people: string[] }> {
  const { db, teacher, vetted, by } = stage
  const { version, surface, key } = await makePicture(
    db,
    over.surface === undefined ? {} : { surface: over.surface },
  )
  await placeVersion(
    db,
    teacher,
    placing(stage, { surface, version, notBefore: over.notBefore ?? null }),
    now,
  )
  const saying = { surface, version, people: over.people ?? [adult()], nobody: false, by }
  const { said, people } = await sayWhoIsIn(db, teacher, saying, now)
  await checkWhoIsIn(db, vetted, { said, wrong: [], covered: [] }, now)
  await askForCircle(db, teacher, { surface, circle: 5, by }, now)
  return { surface, version, key, said, person: people[0] ?? '', people }
}

/** The same with a yes of the person: it is public. */
export async function tellAndAgree(
  stage: Stage,
  now: Date,
  over: { people?: Shown[]; notBefore?: Date; surface?: string; circle?: Circle } = {},
): Promise<Told & { token: string; permission: string }> {
  const circle = over.circle ?? 5
  const told = await tellAndCheck(stage, now, over)
  const { token, permission } = await requestPermission(
    stage.db,
    stage.teacher,
    asking({ surface: told.surface, person: told.person, by: stage.by, circle }),
    now,
  )
  await decide(stage.db, anybody, { ...deciding({ token, permission }), circle }, now)
  return { ...told, token, permission }
}

export const viewerOf = (db: Db, account: string): Promise<Viewer> => viewerFor(db, account)
