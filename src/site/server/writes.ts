import { sql } from 'kysely'
import type * as v from 'valibot'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { mayChangeSite, maySetUp } from '#site/may.ts'
import type { HomeWords, redirectInput, SiteSettings, textInput } from '#site/settings.ts'

const forbidden = (): Refusal => new Refusal('forbidden', 'refusal.forbidden')

/** Keeps the settings that are given; the others stay. Writes down which. */
export async function saveSettings(
  db: Db,
  viewer: Viewer,
  input: Partial<SiteSettings>,
  now: Date,
): Promise<void> {
  if (!mayChangeSite(viewer)) throw forbidden()
  const names = [
    'name',
    'organiser',
    'contact',
    'address',
    'country',
    'zone',
    'source',
    'example',
    'exampleAside',
    'setUp',
  ] as const
  const rows = names.flatMap((name) => {
    const value = input[name]
    return value === undefined ? [] : [{ name, value: JSON.stringify(value), changed: now }]
  })
  if (rows.length === 0) return
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('settings')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet((row) => ({
          value: row.ref('excluded.value'),
          changed: row.ref('excluded.changed'),
        })),
      )
      .execute()
    await writeDown(trx, viewer, {
      action: 'site.settings',
      subject: 'site:settings',
      details: { names: rows.map((row) => row.name).join(' ') },
    })
  })
}

type TextOfPage = v.InferOutput<typeof textInput> & { language: string }

/** Keeps the site's own text of a plain page; an empty one brings the shipped text back. */
export async function saveText(db: Db, viewer: Viewer, input: TextOfPage, now: Date): Promise<void> {
  if (!mayChangeSite(viewer)) throw forbidden()
  const { name, language, body } = input
  await inTransaction(db, async (trx) => {
    if (body === '') {
      await trx.deleteFrom('texts').where('name', '=', name).where('language', '=', language).execute()
    } else {
      await trx
        .insertInto('texts')
        .values({ name, language, body, changed: now })
        .onConflict((conflict) => conflict.columns(['name', 'language']).doUpdateSet({ body, changed: now }))
        .execute()
    }
    await writeDown(trx, viewer, {
      action: body === '' ? 'text.reset' : 'text.changed',
      subject: `site:${name}`,
      details: { language },
    })
  })
}

/** Keeps the site's own words of the home page in one language; null brings back those it came with. */
export async function saveHomeWords(
  db: Db,
  viewer: Viewer,
  input: { language: string; words: HomeWords | null },
  now: Date,
): Promise<void> {
  if (!mayChangeSite(viewer)) throw forbidden()
  const { language, words } = input
  await inTransaction(db, async (trx) => {
    if (words === null) {
      await trx
        .updateTable('settings')
        .set({ value: sql`value - ${language}::text`, changed: now })
        .where('name', '=', 'home')
        .execute()
    } else {
      const own = JSON.stringify({ [language]: words })
      await trx
        .insertInto('settings')
        .values({ name: 'home', value: own, changed: now })
        .onConflict((on) =>
          on.column('name').doUpdateSet({ value: sql`settings.value || ${own}::jsonb`, changed: now }),
        )
        .execute()
    }
    await writeDown(trx, viewer, {
      action: words === null ? 'text.reset' : 'text.changed',
      subject: 'site:home',
      details: { language },
    })
  })
}

/** Lets an address that is gone lead elsewhere; an address leads to one place only, and never to itself. */
export async function saveRedirect(
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof redirectInput>,
  _now: Date,
): Promise<void> {
  if (!mayChangeSite(viewer)) throw forbidden()
  const path = input.path.length > 1 ? input.path.replace(/\/+$/, '') : input.path
  if (input.target === path) throw new Refusal('invalid', 'site.redirects.itself', {}, 'target')
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('redirects')
      .values({ path, target: input.target })
      .onConflict((conflict) => conflict.column('path').doUpdateSet({ target: input.target }))
      .execute()
    await writeDown(trx, viewer, { action: 'redirect.saved', subject: `site:${path}` })
  })
}

/** Takes a redirect away; doing it twice does no harm. */
export async function removeRedirect(
  db: Db,
  viewer: Viewer,
  input: { path: string },
  _now: Date,
): Promise<void> {
  if (!mayChangeSite(viewer)) throw forbidden()
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('redirects').where('path', '=', input.path).execute()
    await writeDown(trx, viewer, { action: 'redirect.removed', subject: `site:${input.path}` })
  })
}

/** Mails the viewer a test, so that they see whether mail arrives; the same form pressed twice mails once. */
export async function sendTestMail(
  db: Db,
  viewer: Viewer,
  input: { formKey: string },
  now: Date,
): Promise<string> {
  if (!maySetUp(viewer) || viewer.email === null) throw forbidden()
  const site = siteAddress(readConfig())
  await queueMail(db, {
    key: testMailKey(viewer, input.formKey),
    address: viewer.email,
    name: 'test',
    params: { link: `${site}/setup/mail`, stopLink: `${site}/me` },
    urgency: 'answer',
    due: now,
  })
  return input.formKey
}

/** Answers what became of the viewer's test mail (waiting, sent, failed) and why it has not left, or null when there is none. */
export async function testMailState(
  db: Db,
  viewer: Viewer,
  formKey: string,
): Promise<{ state: string; problem: string | null } | null> {
  const row = await db
    .selectFrom('mails')
    .select(['state', 'problem'])
    .where('key', '=', testMailKey(viewer, formKey))
    .executeTakeFirst()
  return row ?? null
}

const testMailKey = (viewer: Viewer, formKey: string): string => `test:${viewer.account}:${formKey}`
