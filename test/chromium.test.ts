import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { packedChromium } from './chromium.ts'

test('the browser of the packages shows the fields of a form with the letters it brings, whatever the machine has', async () => {
  const { program, env } = await packedChromium()
  const browser = await chromium.launch({ executablePath: program, env })
  const page = await browser.newPage()
  await page.setContent(
    '<label>What <input></label><label>Kind <select><option>One<option>Two</select></label><p><span>Words</span></p>',
  )
  await page.getByLabel('What').fill('Coffee')
  await page.getByLabel('Kind').selectOption('Two')
  expect(await page.getByLabel('What').inputValue()).toBe('Coffee')
  expect(await page.locator('span').evaluate((words) => words.getBoundingClientRect().width)).toBeGreaterThan(
    20,
  )
  await browser.close()
}, 90_000)
