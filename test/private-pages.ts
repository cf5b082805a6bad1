import type { Db } from '#platform/server/db.ts'
import { filled, formsIn } from './forms.ts'
import { makeActivity } from './make.ts'
import { linkIn, mailTo, send, type Site } from './site.ts'

/** Says something, comes along and tells a story under an address of its own, and answers the pages whose links were mailed. */
export async function privatePages(site: Site, db: Db): Promise<string[]> {
  const email = `${crypto.randomUUID()}@people.org`
  const { slug } = await makeActivity(db, { title: 'Somewhere with chairs' })
  const said = { kind: 'taster', when: 'day', day: '2027-10-20', where: 'online', email, title: 'Said' }
  await submit(site, '/activities/new', said)
  await submit(site, `/activities/${slug}/come`, { email })
  await submit(site, '/stories/new', { email, title: 'Told', body: 'It was.' })
  const host = await mailed(site, email, 'Please confirm: Said', '/edit/')
  const guest = await mailed(site, email, 'Somewhere with chairs', '/come/')
  const story = await mailed(site, email, 'Told', '/stories/edit/')
  await send(site, `${host}?/confirm`, {})
  await send(site, `${guest}?/confirm`, {})
  await submit(site, '/sign-in', { email })
  await submit(site, '/tell-me-when', { email })
  const invitation = (await (await fetch(`${site.address}${host}/co-host`)).text()).match(
    /\/edit\/co-host\/[^"<]+/,
  )
  const steps = ['', '/change', '/co-host', '/dates', '/guests', '/report']
  return [
    ...steps.map((step) => host + step),
    guest,
    `${guest}/stop`,
    story,
    invitation?.[0] ?? '',
    await mailed(site, email, 'Sign in', '/sign-in/'),
    await mailed(site, email, '', '/tell-me-when/'),
  ]
}

async function submit(site: Site, path: string, answers: Record<string, string>) {
  const html = await (await fetch(site.address + path)).text()
  const form = formsIn(path, html)[0]
  if (!form) throw new Error(`${path} has no form`)
  const { status } = await send(site, form.action, filled(form, answers))
  if (status >= 400) throw new Error(`${path} answered ${status}`)
}

const mailed = async (site: Site, email: string, subject: string, path: string): Promise<string> =>
  new URL(linkIn(await mailTo(site, email, subject), path)).pathname
