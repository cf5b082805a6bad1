import type { Db } from '#platform/server/db.ts'
import { filled, formsIn } from './forms.ts'
import { makeActivity } from './make.ts'
import { until } from './app.ts'
import { linkIn, mailsTo, send, type Site } from './site.ts'

/** Says something, comes along and tells a story under an address of its own, and answers the pages whose links were mailed. */
export async function privatePages(site: Site, db: Db): Promise<string[]> {
  const email = `${crypto.randomUUID()}@people.org`
  const { slug } = await makeActivity(db, { title: 'Somewhere with chairs' })
  const said = { kind: 'taster', when: 'day', day: '2027-10-20', where: 'online', email, title: 'Said' }
  await submit(site, '/activities/new', said)
  await submit(site, `/activities/${slug}/come`, { email })
  await submit(site, '/stories/new', { email, title: 'Told', body: 'It was.' })
  const host = await mailed(site, email, '/edit/')
  const guest = await mailed(site, email, '/come/')
  const story = await mailed(site, email, '/stories/edit/')
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
    `${story}/pictures`,
    invitation?.[0] ?? '',
    await mailed(site, email, '/sign-in/'),
    await mailed(site, email, '/tell-me-when/'),
    ...(await letterPages(site)),
  ]
}

/** The page of a letter, as its writer and as those who sign it have it: one that is kept, one that is not, one that was erased. */
async function letterPages(site: Site): Promise<string[]> {
  const email = `${crypto.randomUUID()}@people.org`
  const whom = {
    officeName: 'The Chair',
    officeLines: 'Long House\nLeeds',
    officeEmail: 'chair@trust.example',
  }
  const words = { title: 'Come', greeting: 'Hello,', words: 'We hum.', closing: 'Yours,', name: 'Ann' }
  const letter = { ...whom, ...words, language: 'en', envelope: 'dl', email, keep: 'yes' }
  const begin = async (over: Record<string, string>) => {
    const begun = await send(site, '/letters/new?/begin', { ...letter, ...over })
    return begun.headers.get('location') ?? ''
  }
  const [joint, erased] = [await begin({ writer: 'joint' }), await begin({ writer: 'self' })]
  await send(site, `${erased}?/erase`, {})
  const shown = await (await fetch(site.address + joint)).text()
  const sign = /\/letters\/sign\/[\w-]+/.exec(shown)?.[0] ?? ''
  const mine = `${crypto.randomUUID()}@people.org`
  await submit(site, sign, { as: 'first', name: 'Sam Example', email: mine })
  return [joint, erased, sign, await mailed(site, mine, '/letters/sign/')]
}

async function submit(site: Site, path: string, answers: Record<string, string>) {
  const html = await (await fetch(site.address + path)).text()
  const form = formsIn(path, html)[0]
  if (!form) throw new Error(`${path} has no form`)
  const { status } = await send(site, form.action, filled(form, answers))
  if (status >= 400) throw new Error(`${path} answered ${status}`)
}

/** The address of a mailed page: several mails to one address arrive in any order, so the one with such a link is waited for. */
async function mailed(site: Site, email: string, path: string): Promise<string> {
  let found: string | undefined
  await until(`a mail with a link to ${path}`, async () => {
    const mail = (await mailsTo(site, email)).findLast((one) => one.text.includes(`${site.address}${path}`))
    found = mail && new URL(linkIn(mail, path)).pathname
    return found !== undefined
  })
  return found ?? ''
}
