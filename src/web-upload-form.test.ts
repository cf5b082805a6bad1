import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { namesCookie, readNames, readReceipt, type FileNames, type Receipt } from '#media/receipt.ts'
import { kinds } from '../test/pictures/files.ts'
import { door, file, hashOf, jpeg, passFor, rowsOf, stored } from '../test/tus.ts'

type Sent = { status: number; location: string; receipt: Receipt | null; names: FileNames; cookie: string }
type Fields = { pass?: string; back?: string; files?: (Buffer | [Buffer, string])[]; origin?: string }

async function send({
  pass = passFor(),
  back = '/stories/new?step=2',
  files = [],
  origin,
}: Fields): Promise<Sent> {
  const form = new FormData()
  form.set('pass', pass)
  form.set('return', back)
  for (const one of files) {
    const [bytes, name] = Buffer.isBuffer(one) ? [one, 'IMG_0001.JPG'] : one
    form.append('pictures', new File([new Uint8Array(bytes)], name))
  }
  const answer = await fetch(`${door.origin}/upload/form`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    headers: { origin: origin ?? door.origin },
  })
  const location = answer.headers.get('location') ?? ''
  const receipt = readReceipt(new URL(location, door.origin).searchParams)
  const cookie = answer.headers.get('set-cookie') ?? ''
  const words = new RegExp(`^${namesCookie}=([^;]*)`).exec(cookie)?.[1] ?? '{}'
  return { status: answer.status, location, receipt, names: readNames(decodeURIComponent(words)), cookie }
}

describe('a plain form', () => {
  test('brings several pictures, and goes back with what was kept and what was not, and why', async () => {
    const [pass, large] = [passFor(), file(64 * 1024 * 1024 + 1)]
    const png = await kinds.png()
    const sent = await send({ pass, files: [jpeg, Buffer.from('%PDF-1.7 no picture'), png, large] })
    expect(sent.status).toBe(303)
    expect(sent.location).toMatch(/^\/stories\/new\?step=2&received=2&refused=2&/)
    expect(sent.receipt).toEqual({
      received: 2,
      of: 4,
      refused: [
        { key: 'media.wrong.kind', params: { most: 64 }, at: 2 },
        { key: 'media.wrong.bytes', params: { most: 64 }, at: 4 },
      ],
    })
    const rows = (await rowsOf(pass)).filter((row) => row.state === 'received')
    expect(await Promise.all(rows.map((row) => stored(row.original)))).toEqual([hashOf(jpeg), hashOf(png)])
    expect(rows.map((row) => [row.version, row.position])).toEqual([
      ['waiting', 0],
      ['waiting', 1],
    ])
    expect(readdirSync(door.folder)).toEqual([])
  }, 60_000)

  test('says of an empty file that there is nothing in it, also beside others', async () => {
    const sent = await send({ pass: passFor(), files: [jpeg, Buffer.of()] })
    expect(sent.receipt).toMatchObject({ received: 1, refused: [{ key: 'media.photos.empty' }] })
  })

  test('keeps no name of a file, and puts none into the address', async () => {
    const pass = passFor()
    const sent = await send({ pass, files: [[jpeg, 'Sam and Jo at Hope House.jpg']] })
    expect(sent.receipt?.received).toBe(1)
    expect(`${sent.location}${JSON.stringify(await rowsOf(pass))}`).not.toMatch(/Sam|Hope/)
  })

  test('tells only whoever sent them which ones were not taken, by number and by the name they have there', async () => {
    const pass = passFor()
    const no = Buffer.from('%PDF-1.7')
    const files: [Buffer, string][] = [
      [jpeg, 'Sam.jpg'],
      [no, 'Zoë & Jo <b>.jpg'],
      [Buffer.of(), '../../etc/Hope\u202e House.jpg'],
    ]
    const sent = await send({ pass, files })
    expect(sent.receipt).toMatchObject({ received: 1, of: 3, refused: [{ at: 2 }, { at: 3 }] })
    expect(sent.names).toEqual({ '2': 'Zoë & Jo <b>.jpg', '3': 'Hope House.jpg' })
    expect(sent.cookie).toMatch(/; Path=\/stories; Max-Age=300; HttpOnly; SameSite=Strict$/)
    expect(`${sent.location}${JSON.stringify(await rowsOf(pass))}`).not.toMatch(/Zo|Jo|Hope|Sam/)
    expect((await send({ pass, files: [jpeg] })).cookie).toBe('')
  })

  test('of very many long names says as many as a browser keeps', async () => {
    const files = Array.from({ length: 40 }, (_, n): [Buffer, string] => [
      Buffer.of(),
      `${n}${'ä'.repeat(200)}`,
    ])
    const { names, cookie, receipt } = await send({ files })
    expect(receipt?.refused).toHaveLength(40)
    expect(Object.keys(names).length).toBeGreaterThan(3)
    expect(cookie.length).toBeLessThan(4096)
  })

  test('pressed twice brings each picture once', async () => {
    const pass = passFor()
    await Promise.all([send({ pass, files: [jpeg] }), send({ pass, files: [jpeg] })])
    const states = (await rowsOf(pass)).map((row) => row.state)
    expect(states.filter((state) => state === 'received')).toHaveLength(1)
  })

  test('with no file chosen keeps nothing and says so', async () => {
    const pass = passFor()
    const nothing = { received: 0, of: 0, refused: [] }
    expect((await send({ pass })).receipt).toEqual(nothing)
    expect((await send({ pass, files: [[Buffer.alloc(0), '']] })).receipt).toEqual(nothing)
    expect(await rowsOf(pass)).toEqual([])
  })

  test('with a pass that has ended keeps nothing and says why', async () => {
    const { receipt } = await send({ pass: 'made.up', files: [jpeg, jpeg] })
    expect(receipt?.received).toBe(0)
    expect(receipt?.refused.map((one) => one.key)).toEqual(['media.pass-ended', 'media.pass-ended'])
  })

  test('takes no more than forty', async () => {
    const pass = passFor()
    const many = Array.from({ length: 42 }, (_, n) => Buffer.concat([jpeg.subarray(0, -2), Buffer.from([n])]))
    const { receipt } = await send({ pass, files: many })
    expect(receipt?.received).toBe(40)
    expect(receipt?.refused.map((one) => one.key)).toEqual(['media.wrong.count', 'media.wrong.count'])
  }, 60_000)

  test('goes back to pages of this site only', async () => {
    for (const back of [
      'https://elsewhere.example/',
      '//elsewhere.example',
      '/\\elsewhere.example',
      '/\t/elsewhere.example',
      'javascript:alert(1)',
      '',
    ]) {
      expect((await send({ back })).location).toBe('/?received=0&refused=0')
    }
  })

  test('of another site is not read', async () => {
    const pass = passFor()
    expect((await send({ pass, files: [jpeg], origin: 'https://elsewhere.example' })).status).toBe(403)
    expect(await rowsOf(pass)).toEqual([])
    const plain = { method: 'POST', redirect: 'manual' as const }
    expect((await fetch(`${door.origin}/upload/form`, { ...plain, body: new FormData() })).status).toBe(403)
    const words = { ...plain, body: 'pass=x', headers: { origin: door.origin } }
    expect((await fetch(`${door.origin}/upload/form`, words)).status).toBe(415)
    expect((await fetch(`${door.origin}/upload/form`)).status).toBe(405)
  })

  test('that is cut in the middle keeps the pictures that came whole, and leaves nothing behind', async () => {
    const pass = passFor()
    const field = (name: string, value: string): string =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const head = `--x\r\nContent-Disposition: form-data; name="pictures"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`
    const body = Buffer.concat([
      Buffer.from(field('pass', pass) + field('return', '/') + head),
      jpeg,
      Buffer.from(`\r\n${head}`),
      file(300_000),
    ])
    const { hostname, port } = new URL(door.origin)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /upload/form HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${door.origin}\r\nContent-Length: 900000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n`,
    )
    socket.write(body)
    await expect.poll(async () => (await rowsOf(pass)).map((row) => row.state)).toEqual(['received'])
    await expect.poll(() => readdirSync(door.folder).length).toBe(1)
    socket.destroy()
    await once(socket, 'close')
    await expect.poll(() => readdirSync(door.folder)).toEqual([])
    expect((await rowsOf(pass)).map((row) => row.state)).toEqual(['received'])
  })

  test('whose parts never end is answered', async () => {
    const answer = await fetch(`${door.origin}/upload/form`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: door.origin, 'content-type': 'multipart/form-data; boundary=x' },
      body: `--x\r\nContent-Disposition: form-data; name="pictures"; filename="a"\r\n\r\nnever ends`,
    })
    expect(answer.status).toBe(303)
  })
})
