import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Refusal } from '#kernel/refusal.ts'
import { anybody } from '#kernel/viewer.ts'
import type { OutsideLimits } from '#platform/server/outside.ts'
import { asJson } from '#stories/formats.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import { readLinkedPost } from '#stories/server/tasks/link.ts'
import { editStory } from '#stories/server/writes/edit.ts'
import { editedStory } from '#stories/story.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-22T14:00:00Z')
let server: Server
let asked: string[] = []
let robots: [status: number, words: string] = [404, '']
/** Of a second site, to which the first one leads. */
let otherRobots: [status: number, words: string] = [404, '']
let page: [status: number, words: string] = [200, '']
let over: Partial<OutsideLimits> = {}
let blog = ''

beforeAll(async () => {
  await makeWeek(db)
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const host = (request.headers.host ?? '').replace(/:\d+$/, '')
    const rules = host === 'blog.example' ? robots : otherRobots
    const [status, words] = request.url === '/robots.txt' ? rules : page
    if (request.url === '/leads-away') {
      response.writeHead(302, { location: `http://other.example:${request.socket.localPort}/there` }).end()
      return
    }
    const type = request.url === '/robots.txt' ? 'text/plain' : 'text/html'
    response.writeHead(status, { 'content-type': type }).end(words)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  blog = `http://blog.example:${port}/a-hum`
  over = {
    ports: [port],
    allowed: ['127.0.0.1'],
    resolve: (_, __, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]),
  }
})
afterAll(() => new Promise((done) => server.close(done)))
beforeEach(() => {
  asked = []
  robots = [404, '']
  otherRobots = [404, '']
  page = [
    200,
    '<title>A hum</title><meta property="og:site_name" content="The blog"><meta property="og:image" content="http://blog.example/x.png"><meta name="description" content="She <b>hummed</b>.">',
  ]
})

/** A story that was just given a link, as its teller saves it; put onto the wall. */
async function linked(link: string, words: Record<string, string> = {}) {
  const story = await makeStory(db, { state: 'draft' })
  const token = await makeStoryLink(db, story.id)
  const edit = (more: object) =>
    editStory(db, anybody, v.parse(editedStory, { title: 'T', body: 'B', token, ...words, ...more }), now)
  await edit({ link, revision: '1' })
  const show = { state: 'published', published: '2027-10-20T12:00:00Z' } as const
  await db.updateTable('stories').set(show).where('id', '=', story.id).execute()
  const row = await db
    .selectFrom('stories')
    .select('slug')
    .where('id', '=', story.id)
    .executeTakeFirstOrThrow()
  return { ...story, slug: row.slug, edit }
}
const cardOf = async (slug: string) => (await storyBySlug(db, slug, now))?.link
const stateOf = async (story: string): Promise<string> => {
  const row = await db.selectFrom('linkedPosts').select('state').where('story', '=', story).execute()
  return row[0]?.state ?? ''
}
const nextTurn = async (story: string): Promise<Date | undefined> => {
  const rows = await db
    .selectFrom('graphileWorker.jobs' as never)
    .select('runAt' as never)
    .where('key' as never, '=', `link ${story}` as never)
    .execute()
  return (rows as { runAt: Date }[])[0]?.runAt
}
const jobs = async (story: string): Promise<number> => {
  const rows = await db
    .selectFrom('graphileWorker.jobs' as never)
    .selectAll()
    .where('key' as never, '=', `link ${story}` as never)
    .execute()
  return rows.length
}

describe('the card of a story told elsewhere', () => {
  test.each(['http://user:pw@example.org/', 'https://user@example.org/', 'https://:pw@example.org/'])(
    'an address that gives a name or a password away is refused at its field: %s',
    (link) => {
      const typed = { title: 'T', body: 'B', token: 'a'.repeat(22), revision: '1', link }
      const { issues } = v.safeParse(editedStory, typed)
      expect(issues?.map(({ path, message }) => [path?.[0]?.key, message])).toContainEqual([
        'link',
        'input.url-secret',
      ])
    },
  )

  test('says nothing but the site until it was read; then what the page says of itself, and no picture', async () => {
    const { id, slug } = await linked(blog)
    expect(await jobs(id)).toBe(1)
    expect(asked).toEqual([])
    expect(await cardOf(slug)).toEqual({
      address: blog,
      site: 'blog.example',
      title: 'blog.example',
      words: '',
    })
    await readLinkedPost(over)(db, { story: id }, now)
    await readLinkedPost(over)(db, { story: id }, now)
    expect(asked).toEqual(['/robots.txt', '/a-hum'])
    expect(await cardOf(slug)).toEqual({
      address: blog,
      site: 'The blog (blog.example)',
      title: 'A hum',
      words: 'She <b>hummed</b>.',
    })
    const story = await storyBySlug(db, slug, now)
    expect(JSON.stringify(story && asJson(story, ''))).not.toContain('x.png')
  })

  test('says what its teller typed before what was read', async () => {
    const { id, slug } = await linked(blog, { linkTitle: 'My own title' })
    await readLinkedPost(over)(db, { story: id }, now)
    expect(await cardOf(slug)).toMatchObject({ title: 'My own title', words: 'She <b>hummed</b>.' })
  })

  test.each<[string, () => void]>([
    ['by 401', () => (page = [401, ''])],
    ['by 403', () => (page = [403, '<title>Sign in</title>'])],
    ['by robots.txt', () => (robots = [200, 'User-agent: *\nDisallow: /'])],
    ['with nothing to say', () => (page = [200, '<p>Hello</p>'])],
  ])('is typed where the site refuses %s', async (_, refuse) => {
    refuse()
    const { id, slug } = await linked(blog, { linkTitle: 'Typed', linkWords: 'By hand' })
    await readLinkedPost(over)(db, { story: id }, now)
    const row = await db
      .selectFrom('linkedPosts')
      .selectAll()
      .where('story', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ state: 'refused', title: '', words: '' })
    expect(await cardOf(slug)).toMatchObject({ title: 'Typed', words: 'By hand' })
  })

  test('is read where it leads to only when that site lets us as well', async () => {
    const away = blog.replace('/a-hum', '/leads-away')
    const { id, slug } = await linked(away)
    await readLinkedPost(over)(db, { story: id }, now)
    expect(asked).toEqual(['/robots.txt', '/leads-away', '/robots.txt', '/there'])
    expect(await cardOf(slug)).toMatchObject({ title: 'A hum' })
    asked = []
    otherRobots = [200, 'User-agent: *\nDisallow: /']
    const { id: closed } = await linked(away)
    await readLinkedPost(over)(db, { story: closed }, now)
    expect(asked).toEqual(['/robots.txt', '/leads-away', '/robots.txt'])
    expect(await stateOf(closed)).toBe('refused')
  })

  test.each<[string, () => void]>([
    ['is away', () => (page = [503, ''])],
    ['is too busy', () => (page = [429, ''])],
    ['cannot say whether it lets us', () => (robots = [500, ''])],
  ])(
    'is asked for again where the site %s, five times in all, and is then left to the teller',
    async (_, away) => {
      away()
      const { id, slug } = await linked(blog)
      const at = [0, 10, 70, 430, 1870].map((minutes) => new Date(now.getTime() + minutes * 60_000))
      for (const [turn, moment] of at.entries()) {
        expect(await stateOf(id), `before turn ${turn}`).toBe('waiting')
        await readLinkedPost(over)(db, { story: id }, moment)
        expect(await nextTurn(id)).toEqual(at[turn + 1] ?? at.at(-1))
      }
      expect(await stateOf(id)).toBe('refused')
      const before = asked.length
      await readLinkedPost(over)(db, { story: id }, now)
      expect(asked.length).toBe(before)
      expect(await cardOf(slug)).toMatchObject({ title: 'blog.example' })
    },
  )

  test('is read at last when the site answers again', async () => {
    page = [503, '']
    const { id, slug } = await linked(blog)
    await readLinkedPost(over)(db, { story: id }, now)
    page = [200, '<title>Back</title>']
    await readLinkedPost(over)(db, { story: id }, now)
    expect(await cardOf(slug)).toMatchObject({ title: 'Back' })
  })

  test('is never asked for at places that let nobody read, nor inside a private network', async () => {
    const { id } = await linked('https://www.facebook.com/groups/1/posts/2')
    expect(await jobs(id)).toBe(0)
    const { id: inside } = await linked(blog)
    await readLinkedPost({ ...over, allowed: [] })(db, { story: inside }, now)
    expect(asked).toEqual([])
    const rows = await db
      .selectFrom('linkedPosts')
      .select('state')
      .where('story', 'in', [id, inside])
      .execute()
    expect(rows).toEqual([{ state: 'refused' }, { state: 'refused' }])
  })

  test('is forgotten with its link, and of a link that changed meanwhile nothing is kept', async () => {
    const { id, edit } = await linked(blog)
    await db.updateTable('stories').set({ state: 'draft' }).where('id', '=', id).execute()
    const other = `${blog}-2`
    await edit({ link: other, revision: '2' })
    const waiting = await db.selectFrom('linkedPosts').selectAll().where('story', '=', id).execute()
    expect(waiting).toMatchObject([{ address: other, state: 'waiting' }])
    await db.updateTable('stories').set({ state: 'draft' }).where('id', '=', id).execute()
    await edit({ link: '', revision: '3' })
    expect(await db.selectFrom('linkedPosts').selectAll().where('story', '=', id).execute()).toEqual([])
    await readLinkedPost(over)(db, { story: id }, now)
    expect(asked).toEqual([])
  })

  test('is read ten times an hour at the most', async () => {
    const { edit } = await linked(blog)
    const turn = async (at: number) =>
      edit({ link: `${blog}-${at}`, revision: String(at + 1), then: 'draft' })
    for (let at = 1; at < 10; at += 1) await turn(at)
    await expect(turn(10)).rejects.toSatisfy(
      (error) => error instanceof Refusal && error.kind === 'too-often',
    )
  })
})
