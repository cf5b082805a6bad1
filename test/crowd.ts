import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '#platform/server/db.ts'
import { filled, formsIn } from './forms.ts'
import { makeActivity, makeHostLink } from './make.ts'
import { linkIn, mailsTo, send } from './site.ts'

/** What the crowd presses on, made before it comes. */
export type Things = {
  /** An activity with six seats. */
  seats: string
  /** Activities that wait to be read. */
  waiting: { id: string; slug: string; revision: number }[]
  /** Words of links to activities that are over. */
  over: string[]
  /** Words of links to activities that their hosts change again and again. */
  changing: { slug: string; token: string }[]
}

export const capacity = 6
const many = 150

export async function makeThings(db: Db): Promise<Things> {
  const things: Things = { seats: '', waiting: [], over: [], changing: [] }
  things.seats = (await makeActivity(db, { title: 'Six chairs', capacity })).slug
  for (let number = 0; number < many; number++) {
    const hostEmail = `waits${number}@people.org`
    await makeActivity(db, { title: `Waits ${number}`, state: 'waiting', hostEmail })
    const { id } = await makeActivity(db, { title: `Was ${number}`, startLocal: '2026-11-01T10:00' })
    things.over.push(await makeHostLink(db, id, `was${number}@people.org`))
  }
  things.waiting = await db
    .selectFrom('activities')
    .select(['id', 'slug', 'revision'])
    .where('title', 'like', 'Waits %')
    .execute()
  for (let number = 0; number < 3; number++) {
    const { id, slug } = await makeActivity(db, { title: 'Changes 0' })
    things.changing.push({ slug, token: await makeHostLink(db, id, `changes${number}@people.org`) })
  }
  return things
}

/** What the site has said yes to, which therefore must be there for ever after. */
const nothingYet = () => ({
  said: new Set<string>(),
  came: new Set<string>(),
  confirmed: new Set<string>(),
  published: new Set<string>(),
  changed: new Set<string>(),
  reported: new Map<string, number>(),
  told: new Set<string>(),
  sent: new Set<string>(),
  worried: new Set<string>(),
})

export type Acknowledged = ReturnType<typeof nothingYet>

type Crowd = {
  dataDir: string
  address: () => string
  /** Of somebody who may publish. */
  cookie: string
  things: Things
  over: () => boolean
}

/** People who do everything there is to do, over and over, until it is over. Each press that gets no answer is pressed again. */
export function crowdAt({ dataDir, address, cookie, things, over }: Crowd) {
  const yes = nothingYet()

  /** Presses the same form again and again, as a person does whose page did not come, until it is taken; answers whether it was. One that was pressed before without an answer may come too late the second time. */
  async function press(path: string, fields: Record<string, string>, own: Record<string, string> = {}) {
    for (let unanswered = false; !over(); unanswered = true) {
      // The site may have been killed just now; then it is pressed again.
      const answer = await send({ address: address() }, path, fields, own).catch(() => undefined)
      if (answer?.status === 303) return true
      if (answer?.status === 409 && unanswered) return false
      if (answer && answer.status < 500)
        throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
      await sleep(150)
    }
    return false
  }

  /** Reads the form of a page, however often that takes. */
  async function formAt(path: string): Promise<Record<string, string>> {
    while (!over()) {
      const answer = await fetch(address() + path, { headers: { accept: 'text/html' } }).catch(
        () => undefined,
      )
      const [form] = answer?.ok ? formsIn(path, await answer.text().catch(() => '')) : []
      if (form) return filled(form) as Record<string, string>
      await sleep(150)
    }
    return {}
  }

  async function sayThings() {
    const form = { ...(await formAt('/activities/new')), kind: 'taster', when: 'week', where: 'online' }
    for (let number = 0; !over(); number++) {
      const email = `host${number}@people.org`
      const fields = { ...form, email, formKey: crypto.randomUUID(), title: `Said ${number}` }
      if (await press('/activities/new', fields)) yes.said.add(email)
    }
  }

  async function comeAlong() {
    for (let number = 0; !over(); number++) {
      const email = `guest${number}@people.org`
      const fields = { email, seats: '1', formKey: crypto.randomUUID() }
      if (await press(`/activities/${things.seats}/come`, fields)) yes.came.add(email)
      await sleep(100)
    }
  }

  /** Presses the button behind every mail of one sort, once. */
  async function answerMails(subject: RegExp, path: string, step: string, done: Set<string>) {
    while (!over()) {
      const mails = (await mailsTo({ dataDir })).filter(
        (mail) => subject.test(mail.subject) && !done.has(mail.to),
      )
      for (const mail of mails) {
        if (await press(`${new URL(linkIn(mail, path)).pathname}?/${step}`, {})) done.add(mail.to)
      }
      await sleep(100)
    }
  }

  async function publish() {
    for (const { id, slug, revision } of things.waiting) {
      if (over()) return
      const decision = { decision: 'publish', reason: '', revision: String(revision) }
      if (await press(`/desk/activities/${id}?/decide`, decision, { cookie })) yes.published.add(slug)
      await sleep(100)
    }
  }

  async function change() {
    for (let number = 1; !over(); number++) {
      for (const { slug, token } of things.changing) {
        const path = `/edit/${token}/change`
        const fields = { ...(await formAt(path)), title: `Changes ${number}` }
        if (await press(path, fields)) yes.changed.add(`${slug} ${number}`)
      }
      await sleep(100)
    }
  }

  async function report() {
    for (const [number, token] of things.over.entries()) {
      if (over()) return
      const fields = {
        ...(await formAt(`/edit/${token}/report`)),
        came: String(number),
        newPeople: '0',
        words: '',
      }
      if (await press(`/edit/${token}/report`, fields)) yes.reported.set(`was${number}@people.org`, number)
      await sleep(100)
    }
  }

  async function tell() {
    for (let number = 0; !over(); number++) {
      const email = `teller${number}@people.org`
      const fields = {
        email,
        title: `Told ${number}`,
        body: 'She waited, and then she hummed.',
        formKey: crypto.randomUUID(),
      }
      if (await press('/stories/new', fields)) yes.told.add(email)
      await sleep(100)
    }
  }

  async function worry() {
    for (let number = 0; !over(); number++) {
      const email = `worried${number}@people.org`
      const fields = { door: 'worried', words: 'Please look.', email, formKey: crypto.randomUUID() }
      if (await press('/report', fields)) yes.worried.add(email)
      await sleep(200)
    }
  }

  const busy = Promise.all([
    sayThings(),
    comeAlong(),
    answerMails(/once more/, '/come/', 'confirm', yes.confirmed),
    publish(),
    change(),
    report(),
    tell(),
    worry(),
    answerMails(/^Is this your story/, '/stories/edit/', 'send', yes.sent),
  ])
  return { busy, yes }
}
