import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readReceipt } from '#media/receipt.ts'
import { axeFaults } from './faults.ts'
import { arrived, choose, chosen, isGrey, photoPage, press, sendAll } from './photo-page.ts'
import { exif } from './pictures/exif.ts'
import * as files from './pictures/files.ts'
import { hashOf, passFor, root, rowsOf, stored } from './tus.ts'

const stage = photoPage()

describe('choosing pictures', () => {
  test('several are sent from the page, within its policy, and the browser goes on to where the form would have gone', async () => {
    stage.pass = passFor()
    const pictures = await Promise.all([
      files.kinds.jpeg(),
      files.kinds.webp(),
      files.fourSquares(900, 600).jpeg().toBuffer(),
    ])
    await stage.open('/choose')
    await choose(stage.page, chosen('a.jpg', pictures[0]), chosen('b.webp', pictures[1]))
    await choose(stage.page, chosen('c.jpg', pictures[2]))
    expect(await stage.page.locator('.photo-list li').count()).toBe(3)
    expect(await axeFaults(stage.page)).toEqual([])
    await press(stage.page, 'Leave it out: b.webp')
    await sendAll(stage.page)
    await stage.page.getByText('Thank you').waitFor()
    expect(readReceipt(new URL(stage.page.url()).searchParams)).toMatchObject({ received: 2, refused: [] })
    const rows = await rowsOf(stage.pass)
    const sums = await Promise.all(rows.map((row) => stored(row.original)))
    expect(sums.toSorted()).toEqual([pictures[0], pictures[2]].map(hashOf).toSorted())
    expect(await stage.page.evaluate(() => localStorage.length)).toBe(0)
    expect(stage.broken).toEqual([])
  }, 60_000)

  test('what is refused says why beside its name, and the others arrive', async () => {
    stage.pass = passFor()
    await stage.open('/choose')
    const large = join(root, 'large.jpg')
    writeFileSync(large, Buffer.alloc(64 * 1024 * 1024 + 1))
    await stage.page.getByLabel('Pictures', { exact: true }).setInputFiles(large)
    await choose(
      stage.page,
      chosen('good.jpg', await files.kinds.jpeg()),
      chosen('letter.jpg', Buffer.from('%PDF-1.7')),
    )
    await sendAll(stage.page)
    await stage.page.getByText('Sent: 1. Not sent: 2.').waitFor()
    const said = (name: string) => stage.page.locator('li', { hasText: name }).textContent()
    expect(await said('large.jpg')).toContain('larger than 64 MB')
    expect(await said('large.jpg')).toContain('Picture 1 of 3')
    expect(await said('letter.jpg')).toContain('Picture 3 of 3')
    expect(await said('letter.jpg')).toContain('no picture that we can read')
    expect(await stage.page.evaluate(() => localStorage.length)).toBe(0)
    stage.pass = 'made.up'
    await stage.page.goto(`${stage.door.origin}/choose`)
    await choose(stage.page, chosen('good.jpg', await files.kinds.jpeg()))
    await sendAll(stage.page)
    await stage.page.locator('li', { hasText: 'has ended' }).waitFor()
  }, 60_000)

  test('without JavaScript the form does the same', async () => {
    stage.pass = passFor()
    const picture = await files.kinds.jpeg()
    await stage.open('/choose', { javaScriptEnabled: false })
    await choose(stage.page, chosen('a.jpg', picture), chosen('b.pdf', Buffer.from('%PDF-1.7')))
    await sendAll(stage.page)
    await stage.page.getByText('Thank you').waitFor()
    const receipt = readReceipt(new URL(stage.page.url()).searchParams)
    expect([receipt?.received, receipt?.refused[0]?.key]).toEqual([1, 'media.wrong.kind'])
    const received = (await rowsOf(stage.pass)).find((row) => row.state === 'received')
    expect(await stored(received?.original)).toBe(hashOf(picture))
  }, 60_000)
})

describe('covering before anything is sent', () => {
  test('with keys alone: added, moved, undone, and burnt into what leaves the device', async () => {
    stage.pass = passFor()
    const { hide, hidden } = files.hiding()
    const plain = await files.fourSquares(1000, 800).jpeg({ quality: 95 }).toBuffer()
    const picture = files.withSegments(plain, files.exifSegment(exif({ hide })))
    await stage.open('/choose')
    await choose(stage.page, chosen('a.jpg', picture))
    const button = stage.page.getByRole('button', { name: 'Cover a part: a.jpg' })
    await button.focus()
    await stage.page.keyboard.press('Enter')
    await stage.page.getByRole('dialog', { name: 'Cover parts of this picture' }).waitFor()
    expect(await axeFaults(stage.page)).toEqual([])
    await stage.page.getByRole('button', { name: 'A square cover' }).focus()
    await stage.page.keyboard.press('Enter')
    for (let n = 0; n < 12; n += 1) await stage.page.keyboard.press('ArrowLeft')
    for (let n = 0; n < 12; n += 1) await stage.page.keyboard.press('ArrowUp')
    await stage.page.getByText('Cover 1 of 1').waitFor()
    await stage.page.getByRole('button', { name: 'A round cover' }).press('Enter')
    await stage.page.keyboard.press('Delete')
    await press(stage.page, 'Undo')
    await press(stage.page, 'Undo')
    await stage.page.getByRole('button', { name: 'Done', exact: true }).press('Enter')
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
    await stage.page.getByText('Covers: 1').waitFor()
    await sendAll(stage.page)
    await stage.page.getByText('Thank you').waitFor()
    const { bytes, at } = await arrived(stage)
    expect(files.foundIn(picture, hidden)).toHaveLength(hidden.length)
    expect(files.foundIn(bytes, hidden)).toEqual([])
    expect(isGrey(at(0.26, 0.26))).toBe(true)
    expect(isGrey(at(0.75, 0.75))).toBe(false)
    expect(stage.broken).toEqual([])
  }, 60_000)

  test('by drawing, and left again without', async () => {
    stage.pass = passFor()
    await stage.open('/choose')
    await choose(stage.page, chosen('a.jpg', await files.fourSquares(800, 800).jpeg().toBuffer()))
    await press(stage.page, 'Cover a part: a.jpg')
    const area = await stage.page.locator('.cover-stage svg').boundingBox()
    if (!area) throw new Error('nothing to draw on')
    const drag = async (from: [number, number], to: [number, number]) => {
      await stage.page.mouse.move(area.x + from[0] * area.width, area.y + from[1] * area.height)
      await stage.page.mouse.down()
      await stage.page.mouse.move(area.x + to[0] * area.width, area.y + to[1] * area.height, { steps: 4 })
      await stage.page.mouse.up()
    }
    await drag([0.6, 0.6], [0.9, 0.9])
    await drag([0.75, 0.75], [0.3, 0.75])
    expect(await stage.page.locator('.cover').count()).toBe(1)
    await press(stage.page, 'Done')
    await press(stage.page, 'Cover a part: a.jpg')
    await drag([0.1, 0.1], [0.4, 0.4])
    await stage.page.keyboard.press('Escape')
    await stage.page.getByText('Covers: 1').waitFor()
    await sendAll(stage.page)
    await stage.page.getByText('Thank you').waitFor()
    const { at } = await arrived(stage)
    expect([isGrey(at(0.3, 0.75)), isGrey(at(0.75, 0.75)), isGrey(at(0.25, 0.25))]).toEqual([
      true,
      false,
      false,
    ])
  }, 60_000)

  test('with squares, where nothing can be drawn', async () => {
    await stage.open('/squares', { javaScriptEnabled: false })
    await stage.page.getByLabel('Row 3, column 2').check()
    await stage.page.getByLabel('Row 3, column 3').press('Space')
    await press(stage.page, 'Cover')
    await stage.page.getByText('Thank you').waitFor()
    expect(new URL(stage.page.url()).searchParams.getAll('squares')).toEqual(['2-1', '2-2'])
  }, 60_000)
})

describe('a page on which something is being made', () => {
  const part = (id: string, inside: string, waits = false) =>
    `<article><abe-fresh id="${id}"${waits ? ' waits' : ''} said="${id} is ready.">${inside}</abe-fresh><input aria-label="words of ${id}"></article>`
  const said = '<p role="status" data-fresh-said></p>'

  test('becomes what it says later, part by part, and leaves alone what is typed', async () => {
    let times = 0
    stage.parts = () => {
      times += 1
      const first = part('first', times < 3 ? 'soon' : 'made', times < 3)
      const refused = times < 4 ? part('second', 'soon', true) : ''
      return first + refused + said
    }
    await stage.open('/waits')
    const { page } = stage
    await page.getByLabel('words of first').fill('Two cups')
    await page.getByText('made', { exact: true }).waitFor()
    await page.getByText('first is ready.').waitFor()
    await expect.poll(() => page.locator('#second').count(), { timeout: 15_000 }).toBe(0)
    expect(await page.getByLabel('words of second').count()).toBe(0)
    expect(await page.getByLabel('words of first').inputValue()).toBe('Two cups')
  }, 60_000)

  test('does not change a part that somebody is in, or a form they may be in the middle of', async () => {
    let times = 0
    stage.parts = () => {
      times += 1
      const form = `<form><button>Send ${times < 2 ? 1 : 2}</button></form>`
      const focused = `<a href="/told">Look ${times < 2 ? 1 : 2}</a>`
      return part('form', form) + part('mine', focused) + part('other', `${times}`, times < 4)
    }
    await stage.open('/waits')
    await stage.page.getByRole('link', { name: 'Look 1' }).focus()
    await stage.page.locator('#other:not([waits])').waitFor()
    expect(await stage.page.getByRole('link').textContent()).toBe('Look 1')
    expect(await stage.page.getByRole('button').textContent()).toBe('Send 1')
  }, 60_000)
})
