import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newKey } from '#platform/server/storage.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { makeStory } from '../make.ts'
import { tellAndAgree, type Stage } from './stage.ts'

/** `list` narrows a list of stories to this one. */
export type ShownStory = { id: string; slug: string; version: string; token: string; list: string }

/** Makes a published story of the newest week with a picture whose bytes lie in the store of a data folder, to which everybody in it said yes. */
export async function shownStory(stage: Stage, dataDir: string): Promise<ShownStory> {
  const { db } = stage
  const { year } = await db
    .selectFrom('weeks')
    .select('year')
    .orderBy('year', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const now = new Date()
  const word = newKey().slice(3, 13)
  const story = await makeStory(db, { week: year, kind: null, published: now, title: `The drum ${word}` })
  const { version, token } = await tellAndAgree(stage, now, { surface: story.id })
  const folder = mkdtempSync('/tmp/abe-shown-')
  const key = newKey()
  writeFileSync(join(folder, 'picture'), 'the bytes of a picture')
  await fileStore(join(dataDir, 'store')).putFile('renditions', key, join(folder, 'picture'))
  rmSync(folder, { recursive: true })
  await db.updateTable('renditions').set({ key, bytes: 22 }).where('version', '=', version).execute()
  return { ...story, version, token, list: `week=${year}&q=${word}` }
}
