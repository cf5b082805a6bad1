import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { AxeResults, RunOptions } from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { codesIn } from './codes.ts'

declare global {
  /** In a page that axe was put into. */
  var axe: { run: (options: RunOptions) => Promise<AxeResults> }
  var seenBefore: { page: string; shown: Set<Element> } | undefined
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const guidelines = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What hangs on where things stand and how they are coloured; all else that axe asks hangs on what is there. */
const ofTheLook = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size']

/** Collects what a page does that no page may do: errors, warnings, and asking another server. */
export function listen(page: Page, site: { address: string }): string[] {
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('console', (message) => {
    const known = /Failed to load resource.*(400|404|410|413)/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !known) wrong.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (/^https?:$/.test(protocol) && origin !== site.address) wrong.push(`asks elsewhere: ${request.url()}`)
  })
  return wrong
}

/** Everything that has to be true of a page as it stands. */
export async function faultsOf(page: Page): Promise<string[]> {
  return [...(await axeFaults(page)), ...(await page.evaluate(structureFaults))]
}

/** Has axe in every page that opens from now on: a browser does so in a third of the time of putting it into each. */
export const bringAxe = (context: BrowserContext): Promise<unknown> => context.addInitScript(axe)

/** What axe finds wrong on a page, by all guidelines; of a page it has seen in which the same things show, only what hangs on their look. */
export async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  const options: RunOptions = (await page.evaluate(showsTheSame))
    ? { runOnly: { type: 'rule', values: ofTheLook }, preload: false }
    : { runOnly: { type: 'tag', values: guidelines } }
  const results = await page.evaluate(
    (how) => globalThis.axe.run({ ...how, resultTypes: ['violations'], selectors: false }),
    options,
  )
  return results.violations.map(({ id, nodes }) => {
    const first = nodes[0]
    return `axe ${id}, ${nodes.length}: ${first?.html.slice(0, 160)} | ${first?.failureSummary?.slice(0, 240)}`
  })
}

/** Runs inside the page: whether it is what it was when this was asked before, and exactly the same of it shows. */
function showsTheSame(): boolean {
  const shown = new Set(
    [...document.querySelectorAll('*')].filter((one) => one.checkVisibility({ visibilityProperty: true })),
  )
  const before = globalThis.seenBefore
  const page = document.documentElement.outerHTML
  globalThis.seenBefore = { page, shown }
  return before?.page === page && before.shown.symmetricDifference(shown).size === 0
}

/** What is found wrong on a page when somebody's system is dark. */
export async function inDark(page: Page, faults: (page: Page) => Promise<string[]>): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  const found = await faults(page)
  await page.emulateMedia({ colorScheme: 'light' })
  return found.map((fault) => `in dark, ${fault}`)
}

/** Codes and keys of the catalogue that somebody would read on a page, or in a field of it. */
export const codeFaults = async (page: Page): Promise<string[]> =>
  codesIn(await page.evaluate(wordsShown)).map((code) => `a code: ${code}`)

/** Runs inside the page. */
function wordsShown(): string {
  const values = [
    ...document.querySelectorAll<HTMLInputElement>(
      'input:not([type=hidden], [type=radio], [type=checkbox]), textarea',
    ),
  ]
  const labels = [...document.querySelectorAll('[aria-label]')].map(
    (one) => one.getAttribute('aria-label') ?? '',
  )
  for (const one of document.querySelectorAll('details')) one.open = true
  return [document.title, document.body.innerText, ...values.map(({ value }) => value), ...labels].join('\n')
}

/** Runs inside the page. */
export function structureFaults(): string[] {
  const found: string[] = []
  const must = (what: string, holds: boolean) => {
    if (!holds) found.push(what)
  }
  const count = (selector: string) => document.querySelectorAll(selector).length
  must(`one h1, not ${count('h1')}`, count('h1') === 1)
  must('one main', count('main') === 1)
  must('a language', document.documentElement.lang !== '')
  must('a title', document.title.trim() !== '')
  must('a link for whoever is in a picture', count('a[href^="/report"]') > 0)
  must('no style attribute', count('[style]') === 0)
  for (const control of document.querySelectorAll<HTMLInputElement>('input, select, textarea')) {
    // A submit button is called by its value, or as the browser calls it.
    if (['hidden', 'submit'].includes(control.type)) continue
    const label = control.labels?.length || control.getAttribute('aria-label')
    must(`a label for ${control.name}`, Boolean(label))
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
  must(`no scrolling sideways, but ${wide} px at ${innerWidth}`, wide <= 0)
  return found
}

/** What cannot be seen by whoever lets their system choose all colours: words, where the focus is, the edge of a control. */
export async function forcedColourFaults(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active' })
  // The focus shows itself to whoever uses the keyboard, and what a script focuses counts as that after a key.
  await page.keyboard.press('Tab')
  const found = [...(await page.evaluate(faintWords)), ...(await page.evaluate(forcedFaults))]
  await page.emulateMedia({ forcedColors: 'none' })
  return found.map((fault) => `in forced colours, ${fault}`)
}

/** Runs inside the page. axe asks for a colour that the browser does not report as it was forced. */
function faintWords(): string[] {
  const parts = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const light = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = parts(colour).map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const behind = (element: Element | null): string => {
    if (!element) return 'rgb(255, 255, 255)'
    const { backgroundColor } = getComputedStyle(element)
    return (parts(backgroundColor)[3] ?? 1) > 0 ? backgroundColor : behind(element.parentElement)
  }
  const ownWords = (element: Element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
  return [...document.querySelectorAll<HTMLElement>('body *')]
    .filter((element) => !(element instanceof SVGElement) && ownWords(element) && element.checkVisibility())
    .flatMap((element) => {
      const [low = 0, high = 0] = [light(getComputedStyle(element).color), light(behind(element))].toSorted(
        (one, other) => one - other,
      )
      const ratio = (high + 0.05) / (low + 0.05)
      return ratio < 4.5 ? [`words of ${ratio.toFixed(1)} : 1: ${element.outerHTML.slice(0, 120)}`] : []
    })
}

/** Runs inside the page. */
function forcedFaults(): string[] {
  const found = new Set<string>()
  const name = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 120)
  const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true })
  const seen = (colour: string) => !/^rgba\(.*, 0\)$|^transparent$/.test(colour)
  for (const control of document.querySelectorAll('input, select, textarea, button, .button')) {
    if (!shown(control) || control.matches('[type=checkbox], [type=radio], [type=hidden]')) continue
    const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(control)
    const edge = borderTopStyle !== 'none' && parseFloat(borderTopWidth) >= 1 && seen(borderTopColor)
    if (!edge || borderTopColor === backgroundColor) found.add(`no edge: ${name(control)}`)
  }
  const look = (element: Element) => {
    const around = [
      element,
      ...element.querySelectorAll('*'),
      element.closest('label'),
      element.closest('.card'),
    ]
    return around.flatMap((one) => {
      if (!one) return []
      const { outlineStyle, outlineWidth, outlineColor, outlineOffset, fill, stroke } = getComputedStyle(one)
      const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && seen(outlineColor)
      return [`${outlined && outlineColor + outlineOffset} ${one instanceof SVGElement ? fill + stroke : ''}`]
    })
  }
  // What stands in a page in the same way is drawn in the same way: no page has styles of a single element.
  const looked = new Set<string>()
  const alike = (element: Element) => {
    const way: string[] = []
    for (let one: Element | null = element; one; one = one.parentElement)
      way.push(`${one.tagName} ${one.getAttribute('class')} ${one.getAttribute('type')}`)
    const before = looked.size
    return looked.add(way.join('>')).size === before
  }
  for (const element of document.querySelectorAll<HTMLElement>(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]',
  )) {
    if (!shown(element) || element.matches(':disabled') || alike(element)) continue
    element.blur()
    const before = look(element).join()
    element.focus({ preventScroll: true })
    if (document.activeElement === element && look(element).join() === before) {
      found.add(`the focus does not show: ${name(element)}`)
    }
    element.blur()
  }
  return [...found]
}
