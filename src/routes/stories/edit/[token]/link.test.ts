import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Resolve } from '#platform/server/outside.ts'
import { readLinkedPost } from '#stories/server/tasks/link.ts'
import { testDatabase } from '../../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../../test/make.ts'
import { ask, pageOf } from '../../../../../test/pages.ts'
import { actions, load } from './+page.server.ts'
import page from './+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-22T12:00:00Z')
let server: Server
let asked: string[] = []
/** Two names, each with another address of this very machine. */
const resolve: Resolve = (host, _, answer) =>
  answer(null, [{ address: host === 'open.example' ? '127.0.0.1' : '127.0.0.2', family: 4 }])

beforeAll(async () => {
  await makeWeek(db)
  server = createServer((request, response) => {
    asked.push(`${request.headers.host?.replace(/:\d+$/, '')}${request.url}`)
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else if (request.url === '/leads-inside')
      response.writeHead(302, { location: `http://inside.example:${request.socket.localPort}/secret` }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>A secret</title>')
  })
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done))
})
afterAll(() => new Promise((done) => server.close(done)))

/** Saves a draft with a link as its teller does, lets the task read it, and answers what the page says then. */
async function saidOf(host: string, path: string): Promise<string> {
  asked = []
  const { port } = server.address() as AddressInfo
  const { id } = await makeStory(db, { state: 'draft' })
  const token = await makeStoryLink(db, id)
  const at = { path: `/stories/edit/${token}`, db, now, params: { token } }
  const link = `http://${host}:${port}${path}`
  const body = { token, revision: '1', title: 'A hum', body: 'She hummed.', link, then: 'save' }
  const save = actions['save']
  if (!save) throw new Error('The page has no such button')
  await expect(ask(save, { ...at, body })).rejects.toMatchObject({ status: 303 })
  const words = async () => (await pageOf(page, load, at)).body.replaceAll(/<[^>]*>/g, ' ')
  expect(await words()).toContain('We are looking at the place your story leads to.')
  await readLinkedPost({ ports: [port], allowed: ['127.0.0.1'], resolve })(db, { story: id }, now)
  return words()
}

test('a link to a name inside a private network is never asked for, and its teller reads that it cannot be read', async () => {
  const said = await saidOf('inside.example', '/secret')
  expect(asked).toEqual([])
  expect(said).toContain('We could not read the place your story leads to.')
  expect(said).not.toContain('A secret')
})

test('nor is one that an open place leads to', async () => {
  const said = await saidOf('open.example', '/leads-inside')
  expect(asked).toEqual(['open.example/robots.txt', 'open.example/leads-inside'])
  expect(said).toContain('We could not read the place your story leads to.')
  expect(said).not.toContain('A secret')
})

test('an open place is read', async () => {
  expect(await saidOf('open.example', '/post')).toContain('We have read what it is called')
  expect(asked).toEqual(['open.example/robots.txt', 'open.example/post'])
})
