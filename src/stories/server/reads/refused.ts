import { sql } from 'kysely'
import { noWhys } from '#consent/why.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers whether somebody's no keeps a story that was seen from being seen. */
export const isHiddenByNo = async (db: Db, surface: string): Promise<boolean> =>
  (await db
    .selectFrom('placements as p')
    .innerJoin('surfaces as f', 'f.id', 'p.surface')
    .select('p.id')
    .where('p.surface', '=', surface)
    .where('p.state', '=', 'hidden')
    .where('f.hold', 'is', null)
    .where(sql<boolean>`p.reasons && ${[...noWhys]}::text[]`)
    .executeTakeFirst()) !== undefined
