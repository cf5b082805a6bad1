import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** Our pages come from this machine only; without the first of these the browser calls home, and a closed network makes it slow. With no graphics card, pages put together as if there were one cost three times what all else about them costs; only maps are drawn that way. What a page runs goes with the page: to make it into faster code beside costs more than it saves, with axe a fifth of everything. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-gpu',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--js-flags=--no-opt,--no-maglev',
]

/** Opens a browser without a window; the caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const { program, env } = await findChromium()
  const kept = Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined)
  return chromium.launch({
    executablePath: program,
    env: { ...Object.fromEntries(kept), ...env },
    args: quiet,
    timeout: 60_000,
  })
}
