import { sql } from 'kysely'
import { mayChange } from '#media/may.ts'
import { uploadEnds, type Problem, type Rendition, type Upload, type Version } from '#media/picture.ts'
import { readPass } from '#media/server/pass.ts'
import { mostFiles, type Cover, type Format } from '#kernel/pictures.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

const versions = (db: Db) =>
  db
    .selectFrom('versions as v')
    .innerJoin('uploads as u', 'u.id', 'v.upload')
    .select([
      'v.id',
      'v.surface',
      'v.source',
      'u.account',
      'u.organisation',
      'v.coveredBy',
      'v.covers',
      'v.coverChecked',
      'v.position',
      'v.number',
      'v.width',
      'v.height',
      'v.words',
      'v.decoration',
      'v.caption',
      'v.state',
      'v.revision',
      sql<number[]>`array(select r.width from renditions r
        where r.version = v.id and r.format = 'webp' and v.state in ('visible', 'made') order by r.width)`.as(
        'widths',
      ),
    ])

type VersionRow = Awaited<ReturnType<ReturnType<typeof versions>['executeTakeFirstOrThrow']>>
const asVersion = ({ covers, state, number, ...row }: VersionRow): Version => ({
  ...row,
  covers: covers as Cover[],
  state,
  number: number ?? 0,
})

/** Answers a version in whatever state it is, or null. Says nothing about who may see it: that is consent's. */
export async function versionOf(db: Db, id: string): Promise<Version | null> {
  const row = await versions(db).where('v.id', '=', id).executeTakeFirst()
  return row ? asVersion(row) : null
}

/** Answers the versions on a surface in their order, without refused and purged ones; at most 200. Says nothing about who may see them: that is consent's. */
export async function versionsOn(db: Db, surface: string): Promise<Version[]> {
  const rows = await versions(db)
    .where('v.surface', '=', surface)
    .where('v.state', 'not in', ['refused', 'purged'])
    .orderBy('v.position')
    .orderBy('v.created')
    .limit(200)
    .execute()
  return rows.map(asVersion)
}

/** Answers by which number whoever tells a story knows its photographs: of some versions, at most 1000. Says nothing about who may see them: that is consent's. */
export async function numbersOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('versions')
    .select(['id', 'number'])
    .where('id', 'in', ids.slice(0, 1000))
    .execute()
  return new Map(rows.flatMap(({ id, number }) => (number === null ? [] : [[id, number]])))
}

/** Answers where one rendition of a version lies, or null when there is none, not yet, or not any more. Says nothing about who may see it: only consent's `renditionFor` asks this. */
export async function renditionOf(
  db: Db,
  version: string,
  wanted: { width: number; format: Format },
): Promise<Rendition | null> {
  const row = await db
    .selectFrom('renditions as r')
    .innerJoin('versions as v', 'v.id', 'r.version')
    .select(['r.width', 'r.height', 'r.format', 'r.bytes', 'r.key'])
    .where('r.version', '=', version)
    .where('r.width', '=', wanted.width)
    .where('r.format', '=', wanted.format)
    .where('v.state', 'in', ['visible', 'made'])
    .executeTakeFirst()
  return row ?? null
}

/** Answers what was sent for a surface, for whoever may change it: how far each is, or why it was refused. Newest 80. */
export async function uploadsOn(
  db: Db,
  viewer: Viewer,
  input: { surface: string; pass: string },
  now: Date,
): Promise<Upload[]> {
  const rows = await db
    .selectFrom((all) =>
      all
        .selectFrom('uploads')
        .selectAll()
        .select(sql<number>`(row_number() over (order by created, id))::int`.as('at'))
        .where('surface', '=', input.surface)
        .as('u'),
    )
    .leftJoin('versions as v', (join) => join.onRef('v.upload', '=', 'u.id').on('v.source', 'is', null))
    .select(['u.id', 'v.id as version', 'u.at', 'u.bytes', 'u.received', 'u.state', 'u.problem', 'u.created'])
    .select(['u.account', 'u.organisation'])
    .where('u.state', '!=', 'purged')
    .orderBy('u.created', 'desc')
    .limit(2 * mostFiles)
    .execute()
  const proven = readPass(input.pass, now)?.surface === input.surface
  if (!proven && !rows.every((row) => mayChange(viewer, { ...row, proven }))) throw missing()
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    at: row.at,
    bytes: row.bytes,
    received: row.received,
    state: row.state,
    problem: row.problem as Problem | null,
    created: row.created,
  }))
}

export type Progress = {
  id: string
  surface: string
  bytes: number
  received: number
  whole: boolean
  ends: Date
}

/** Answers how far an upload is, by the word of its address; null when there is none, or when it was given up. */
export async function uploadAt(db: Db, word: string, now: Date): Promise<Progress | null> {
  const row = await db
    .selectFrom('uploads')
    .select(['id', 'surface', 'bytes', 'received', 'state', 'updated'])
    .where('word', '=', hashToken(word))
    .executeTakeFirst()
  if (!row || row.state === 'purged') return null
  const { id, surface, bytes, received, state } = row
  const [ends, whole] = [uploadEnds(row.updated), state !== 'receiving']
  return !whole && ends <= now
    ? null
    : { id, surface, bytes, received: whole ? bytes : received, whole, ends }
}
