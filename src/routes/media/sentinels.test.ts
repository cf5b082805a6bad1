import { deflateSync } from 'node:zlib'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { anybody } from '#kernel/viewer.ts'
import { makeAvif, makePicture } from '#media/server/tasks/make.ts'
import { siteStore } from '#platform/server/storage-site.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import { openStory } from '#stories/server/writes/change.ts'
import { placePicture } from '#stories/server/writes/pictures.ts'
import { makeStory, makeWeek } from '../../../test/make.ts'
import * as files from '../../../test/pictures/files.ts'
import { box, u32 } from '../../../test/pictures/heif.ts'
import { folder, maker } from '../../../test/pictures/making.ts'
import { ask, db, octets, root } from '../../../test/tus.ts'
import { openDoor, type OpenDoor } from '../../../test/upload-door.ts'
import { sendPicture } from './send.ts'

const now = new Date()
const text = textIn('en')
const shop = { store: siteStore(), maker, folder }
let door: OpenDoor
beforeAll(async () => {
  await makeWeek(db)
  door = await openDoor(db, root, siteStore())
  return () => door.close()
})

type Teller = { surface: string; token: string; pass: string }
async function teller(): Promise<Teller> {
  const { id: surface } = await makeStory(db, { state: 'draft' })
  const token = await openStory(db, surface, now)
  return { surface, token, pass: (await ownPictures(db, anybody, token, now)).pass }
}

/** How a file is sent, with words in everything that can be said beside it; answers all that was answered. */
const ways: Record<string, (bytes: Buffer, pass: string, word: () => string) => Promise<string>> = {
  'by tus': async (bytes, pass, word) => {
    const beside = ['filename', 'name', 'filetype', 'relativePath', word()].map(
      (key) => `${key} ${btoa(word())}`,
    )
    const begun = await ask({
      method: 'POST',
      origin: door.origin,
      headers: {
        'upload-length': String(bytes.length),
        'upload-metadata': [...beside, `pass ${btoa(pass)}`].join(','),
        'user-agent': word(),
      },
    })
    const sent = await ask({
      method: 'PATCH',
      origin: door.origin,
      path: begun.headers.location ?? '',
      headers: { ...octets, 'upload-offset': '0', 'content-disposition': `filename="${word()}.jpg"` },
      body: bytes,
    })
    return JSON.stringify([begun, sent])
  },
  'by a form': async (bytes, pass, word) => {
    const form = new FormData()
    form.set('pass', pass)
    form.set('return', '/here')
    form.set(word(), word())
    form.append('pictures', new File([new Uint8Array(bytes)], `${word()}.jpg`, { type: `image/${word()}` }))
    const headers = { origin: door.origin }
    const answer = await fetch(`${door.origin}/upload/form`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers,
    })
    return JSON.stringify([answer.status, [...answer.headers], await answer.text()])
  },
}

/** Makes everything that waits, as the worker does. */
async function makeAll(surface: string) {
  const rows = await db.selectFrom('versions').select('id').where('surface', '=', surface).execute()
  for (const { id: version } of rows) {
    await makePicture(shop, placePicture)(db, { version }, now)
    await makeAvif(shop)(db, { version }, now)
  }
}

/** Every byte, header and address that is served of a story's pictures. */
async function servedOf({ surface }: Teller): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('renditions as r')
    .innerJoin('versions as v', 'v.id', 'r.version')
    .select(['v.id', 'r.width', 'r.format'])
    .where('v.surface', '=', surface)
    .execute()
  const all = rows.map(async ({ id, width, format }) => {
    const file = `${width}.${format}`
    const request = new Request(`http://here/media/${id}/${file}`)
    const event = { locals: { db, viewer: anybody, now }, request }
    const answer = await sendPicture(event, id, file, { as: 'poster', surface })
    expect(answer.status).toBe(200)
    const said = Buffer.from(JSON.stringify([request.url, ...answer.headers]))
    return Buffer.concat([said, Buffer.from(await answer.arrayBuffer())])
  })
  return Promise.all(all)
}

/** Everything that is kept of a story's pictures in words: what pages, exports and backups could show. */
async function keptOf({ surface, token }: Teller): Promise<Buffer> {
  const { rows } = await sql`
    select u::text || coalesce(v::text, '') || coalesce(r::text, '') as kept
    from uploads u left join versions v on v.upload = u.id left join renditions r on r.version = v.id
    where u.surface = ${surface}`.execute(db)
  const jobs = await sql`select payload::text from graphile_worker._private_jobs`.execute(db)
  return Buffer.from(JSON.stringify([rows, jobs.rows, await ownPictures(db, anybody, token, now)]))
}

const film = (word: string): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('mp42\0\0\0\0')),
    box('mdat', Buffer.from(word)),
    box('udta', Buffer.from(word)),
  ])

const hiders: Record<string, (hide: () => string) => Promise<Buffer>> = {
  jpeg: files.jpegHiding,
  'jpeg with a short film behind it': async (hide) =>
    Buffer.concat([await files.jpegHiding(hide), film(hide())]),
  png: files.pngHiding,
  webp: files.webpHiding,
  avif: files.avifHiding,
  heic: files.heicHiding,
}

describe('rule 12: nothing that came with a file is in anything that is served, kept in words or answered', () => {
  for (const [kind, hider] of Object.entries(hiders))
    for (const [way, send] of Object.entries(ways))
      test(`rule 12: ${kind}, sent ${way}`, async () => {
        const { hide, hidden } = files.hiding()
        const bytes = await hider(hide)
        const one = await teller()
        const answered = await send(bytes, one.pass, hide)
        await makeAll(one.surface)
        const served = await servedOf(one)
        expect(served.length).toBeGreaterThanOrEqual(6)
        expect(hidden.length).toBeGreaterThan(15)
        for (const part of [...served, await keptOf(one), Buffer.from(answered)])
          expect(files.foundIn(part, hidden)).toEqual([])
      })
})

const whole = await files.kinds.jpeg()
const zip = Buffer.concat([
  Buffer.from('PK\x03\x04'),
  Buffer.alloc(40, 1),
  Buffer.from('PK\x05\x06'),
  Buffer.alloc(18),
])
const png = await files.kinds.png()
/** A PNG that says it is so large; with lines, or without. */
const sized = (width: number, height: number, lines?: Buffer): Buffer =>
  Buffer.concat([
    png.subarray(0, 8),
    files.chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([8, 2, 0, 0, 0])])),
    lines ? files.chunk('IDAT', lines) : png.subarray(33),
    files.chunk('IEND', Buffer.alloc(0)),
  ])
const bad: Record<string, [bytes: Buffer, key: string]> = {
  'a JPEG that lacks its second half': [whole.subarray(0, whole.length / 2), 'cut'],
  'a JPEG that is an archive as well': [Buffer.concat([whole, zip]), 'behind'],
  'a JPEG that is a page as well': [
    Buffer.concat([whole, Buffer.from('<script>alert(1)</script>')]),
    'behind',
  ],
  'a page with the name of a picture': [Buffer.from('<!doctype html><img src=x onerror=alert(1)>'), 'kind'],
  'a GIF with the name of a JPEG': [Buffer.from('GIF89a'.padEnd(64, '\0')), 'kind'],
  'a program with the name of a picture': [Buffer.from('MZ\x90\0'.padEnd(64, '\0')), 'kind'],
  'a drawing that can run scripts': [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'kind'],
  'a PNG above 100 megapixels': [sized(10_001, 10_000), 'pixels'],
  'a PNG of four billion megapixels': [sized(2 ** 31 - 1, 2 ** 31 - 1), 'pixels'],
  'a PNG with far fewer lines than it says': [sized(9000, 9000, deflateSync(Buffer.alloc(27_001))), 'broken'],
  'words that unpack to a thousand times their size': [
    files.withChunks(
      png,
      files.chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(50_000_000))])),
    ),
    'heavy',
  ],
}

describe('rule 13: what cannot be read to its end, or is something else as well, is refused with the reason', () => {
  for (const [what, [bytes, key]] of Object.entries(bad))
    for (const [way, send] of Object.entries(ways))
      test(`rule 13: ${what}, sent ${way}`, async () => {
        const one = await teller()
        await send(bytes, one.pass, () => 'IMG_0001')
        await makeAll(one.surface)
        const { pictures, uploads } = await ownPictures(db, anybody, one.token, now)
        expect(pictures).toEqual([])
        expect(uploads.map(({ state, problem }) => [state, problem?.key])).toEqual([
          ['refused', `media.wrong.${key}`],
        ])
        const problem = uploads[0]?.problem
        expect(problem && text(problem.key, problem.params)).toMatch(/[.]$/)
        expect(await servedOf(one)).toEqual([])
      })

  test('rule 13: a picture is what is in it, whatever it is called', async () => {
    const one = await teller()
    await ways['by a form']?.(png, one.pass, () => 'letter.pdf')
    await makeAll(one.surface)
    expect(await servedOf(one)).toHaveLength(6)
  })
})
