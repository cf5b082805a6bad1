import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db } from '#platform/server/db.ts'
import { newKey } from '#platform/server/storage.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { type Stage, tellAndAgree } from './stage.ts'
import { makeStory } from '../make.ts'

export type Shown = {
  id: string
  slug: string
  version: string
  token: string
  permission: string
  /** What nothing but this story says. */
  marks: string[]
  /** A word by which it is found, which may be said again to whoever asks with it. */
  search: string
}

/** A story with a picture that may be seen, in feeds as well, whose every word is its own, on a site whose data folder is told. */
export async function showStory({ db, dataDir, stage }: Place, now = new Date()): Promise<Shown> {
  const word = `quill${randomUUID().slice(0, 8)}`
  const search = `seek${randomUUID().slice(0, 8)}`
  const body = `Body ${word} ${search}. ${'More. '.repeat(40)}`
  const email = `${word}@people.test`
  const story = await makeStory(db, { title: `Title ${word}`, body, email, published: new Date() })
  await db
    .insertInto('replies')
    .values({
      story: story.id,
      words: `Reply ${word}`,
      name: 'A reader',
      state: 'shown',
      token: hashToken(`reply ${word}`),
    })
    .execute()
  const told = await tellAndAgree(stage, now, { surface: story.id, circle: 6 })
  await photograph({ db, dataDir }, told.version, `Alt ${word}`)
  const { version, token, permission } = told
  return { ...story, version, token, permission, search, marks: [word, story.slug, version] }
}

type Place = { db: Db; dataDir: string; stage: Stage }

/** The sizes that such a picture has. */
export const shownFiles = ['320', '640'].flatMap((width) =>
  ['jpg', 'webp', 'avif'].map((format) => `${width}.${format}`),
)

/** Puts bytes behind every size of a picture. */
async function photograph(
  { db, dataDir }: Omit<Place, 'stage'>,
  version: string,
  words: string,
): Promise<void> {
  const store = fileStore(join(dataDir, 'store'))
  const folder = mkdtempSync(join(tmpdir(), 'abe-gone-'))
  await db.deleteFrom('renditions').where('version', '=', version).execute()
  await db.updateTable('versions').set({ words, width: 640, height: 480 }).where('id', '=', version).execute()
  for (const format of ['jpg', 'webp', 'avif'] as const) {
    for (const width of [320, 640]) {
      const key = newKey()
      const path = join(folder, 'made')
      writeFileSync(path, `bytes of ${version} ${'x'.repeat(300)}`)
      await store.putFile('renditions', key, path)
      const height = width * 0.75
      await db.insertInto('renditions').values({ version, width, height, format, bytes: 345, key }).execute()
    }
  }
  rmSync(folder, { recursive: true, force: true })
}
