import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { inject } from 'vitest'
import { connect, type Db, urlOf } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { readPidFile } from '#platform/server/postgres/postmaster.ts'
import { copyDataFolder, until } from './app.ts'
import { codesInMail } from './codes.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The started product with the example week, which journeys share that do not break it. */
    site: Site
    /** A data folder with the example week, of which each product of its own has a copy. */
    filled: string
  }
}

export type Site = { address: string; dataDir: string }
export type Mail = {
  file: string
  left: number
  to: string
  subject: string
  text: string
  calendar: string | null
}

/** The product that all journeys share. What the calling process seals is so with that site's own secret. */
export function sharedSite(): Site {
  const site = inject('site')
  process.env['DATA_DIR'] = site.dataDir
  return site
}

/** A data folder as a first start leaves it, for a product of one's own; it goes with `removeDataFolder`. */
export const filledDataFolder = (): string => copyDataFolder(inject('filled'))

/** Opens the database of a started product. The caller destroys it. */
export function databaseOf(site: { dataDir: string }, connections = 2): Db {
  const file = readPidFile(clusterOf(site.dataDir))
  if (!file) throw new Error('There is no database in the data folder')
  return connect(urlOf({ host: file.socket, user: 'abitextra', database: 'abitextra' }), connections)
}

const readMails = new Map<string, Mail>()

/** Reads the mails that have left for an address, or all; the newest last. None may say a code. */
export async function mailsTo(site: { dataDir: string }, address?: string): Promise<Mail[]> {
  const folder = join(site.dataDir, 'outbox')
  const found: Mail[] = []
  for (const name of readOutbox(folder)) {
    const file = join(folder, name)
    const mail = readMails.get(file) ?? (await readMail(file))
    readMails.set(file, mail)
    if (address === undefined || mail.to === address) found.push(mail)
  }
  return found.toSorted((one, two) => one.left - two.left)
}

function readOutbox(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.eml'))
  } catch (error) {
    // The first mail makes the folder.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

async function readMail(file: string): Promise<Mail> {
  const parsed = await simpleParser(readFileSync(file))
  const calendar = parsed.attachments.find((one) => one.contentType === 'text/calendar')
  const said = { subject: parsed.subject ?? '', text: parsed.text ?? '' }
  const found = codesInMail(said)
  if (found.length > 0) throw new Error(`The mail “${said.subject}” says a code: ${found.join(', ')}`)
  return {
    file,
    left: statSync(file).mtimeMs,
    to: [parsed.to].flat()[0]?.value[0]?.address ?? '',
    ...said,
    calendar: calendar?.content.toString() ?? null,
  }
}

/** Waits for the mail to an address whose subject has these words, at most 30 seconds. */
export async function mailTo(site: { dataDir: string }, address: string, subject: string): Promise<Mail> {
  let mail: Mail | undefined
  await until(`a mail “${subject}” to ${address}`, async () => {
    mail = (await mailsTo(site, address)).findLast((one) => one.subject.includes(subject))
    return mail !== undefined
  })
  if (!mail) throw new Error('unreachable')
  return mail
}

/** The first address in a mail whose path begins so. */
export function linkIn(mail: Pick<Mail, 'subject' | 'text'>, path: string): string {
  const found = mail.text.match(/https?:\/\/\S+/g)?.find((link) => new URL(link).pathname.startsWith(path))
  if (!found) throw new Error(`No link to ${path} in “${mail.subject}”:\n${mail.text}`)
  return found
}

/** A client address of its own, so that what is counted per client does not stop a test that asks a lot. */
export const anybodyElse = (): string => `10.${randomInt(256)}.${randomInt(256)}.${1 + randomInt(254)}`

export type Fields = Record<string, string | string[]> | [string, string][]

const bodyOf = (fields: Fields | FormData): URLSearchParams | FormData => {
  if (fields instanceof FormData) return fields
  if (Array.isArray(fields)) return new URLSearchParams(fields)
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  )
}

/** Sends a form as a browser without JavaScript does, from a client of its own; redirects are not followed. */
export async function send(
  site: { address: string },
  path: string,
  fields: Fields | FormData,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, site.address), {
    method: 'POST',
    redirect: 'manual',
    body: bodyOf(fields),
    headers: { accept: 'text/html', origin: site.address, 'x-forwarded-for': anybodyElse(), ...headers },
  })
}

/** Signs an account in by its mailed link and answers its cookie. */
export async function signInAs(site: Site, email: string): Promise<string> {
  const before = new Set((await mailsTo(site, email)).map((mail) => mail.file))
  await send(site, '/sign-in', { email, next: '/desk', formKey: crypto.randomUUID() })
  let link = ''
  await until(`the sign-in mail of ${email}`, async () => {
    const mail = (await mailsTo(site, email)).find(
      (one) => !before.has(one.file) && one.text.includes('/sign-in/'),
    )
    if (mail) link = linkIn(mail, '/sign-in/')
    return mail !== undefined
  })
  const answer = await send(site, link, {})
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  if (cookie.length === 0) throw new Error(`Not signed in: ${answer.status}`)
  return cookie.join('; ')
}

/** How often one web process has answered a page, out of its cache or by rendering it. */
export async function answersOf(address: string, from: 'cache' | 'rendered'): Promise<number> {
  const words = await (await fetch(`${address}/metrics`)).text()
  const line = `abe_answers_total{status="2xx",from="${from}"} `
  return Number(
    words
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.slice(line.length) ?? 0,
  )
}

/** Gives an account a role, as an organiser at the desk would. */
export async function giveRole(db: Db, email: string, role: 'organiser' | 'reviewer') {
  const account = await db
    .insertInto('accounts')
    .values({ email, name: email.split('@')[0] ?? email, emailVerified: true })
    .onConflict((on) => on.column('email').doUpdateSet({ emailVerified: true }))
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('roles')
    .values({ account: account.id, role })
    .onConflict((on) => on.doNothing())
    .execute()
}
