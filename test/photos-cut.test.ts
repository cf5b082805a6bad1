import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { arrived, choose, chosen, isGrey, photoPage, press, sendAll } from './photo-page.ts'
import { hashOf, passFor, rowsOf, stored } from './tus.ts'

const stage = photoPage()

describe('a line that is cut', () => {
  /** A large picture that is one, so that the browser can open it. */
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  const large = sharp({ create: { width: 3200, height: 2400, channels: 3, background: '#888', noise } })
    .jpeg({ quality: 95 })
    .toBuffer()

  test('is waited for, and the picture goes on when there is one again', async () => {
    stage.pass = passFor()
    const picture = await large
    expect(picture.length).toBeGreaterThan(5_000_000)
    await stage.open('/choose')
    let pieces = 0
    await stage.page.route('**/upload/*', (route) => {
      const isPiece = route.request().method() === 'PATCH'
      if (isPiece) pieces += 1
      return pieces > 1 ? route.abort('internetdisconnected') : route.continue()
    })
    await choose(stage.page, chosen('a.jpg', picture))
    await sendAll(stage.page)
    await stage.page.getByText('The line is gone').waitFor()
    await stage.page.unroute('**/upload/*')
    await stage.page.evaluate(() => dispatchEvent(new Event('online')))
    await stage.page.getByText('Thank you').waitFor()
    expect(await stored((await rowsOf(stage.pass))[0]?.original)).toBe(hashOf(picture))
    expect(await rowsOf(stage.pass)).toHaveLength(1)
  }, 90_000)

  test('and a browser that was closed: the same file, chosen again, goes on with the covers it had', async () => {
    stage.pass = passFor()
    const picture = await large
    await stage.open('/choose')
    await stage.page.route('**/upload/*', (route) =>
      route.request().headers()['upload-offset'] === '0'
        ? route.continue()
        : route.abort('internetdisconnected'),
    )
    await choose(stage.page, chosen('Sam.jpg', picture))
    await press(stage.page, 'Cover a part: Sam.jpg')
    await press(stage.page, 'A square cover')
    await press(stage.page, 'Done')
    await sendAll(stage.page)
    await stage.page.getByText('The line is gone').waitFor()
    const kept = await stage.page.evaluate(() => JSON.stringify(localStorage))
    expect(kept).not.toContain('Sam')
    expect(kept.length).toBeLessThan(1500)
    await stage.page.close({ runBeforeUnload: false })
    await stage.again('/choose')
    await stage.page.getByText('One picture was not sent to its end').waitFor()
    const begun: string[] = []
    stage.page.on('request', (request) => {
      if (request.method() === 'POST') begun.push(request.url())
    })
    await choose(stage.page, chosen('renamed.jpg', picture))
    await stage.page.getByText('Covers: 1').waitFor()
    await sendAll(stage.page)
    await stage.page.getByText('Thank you').waitFor()
    expect(begun).toEqual([])
    expect(await rowsOf(stage.pass)).toMatchObject([{ state: 'received' }])
    expect(isGrey((await arrived(stage)).at(0.5, 0.5))).toBe(true)
  }, 90_000)
})
