import { createHash } from 'node:crypto'
import type { FormBody } from '#consent/form.ts'
import { canonical } from '#consent/server/canonical.ts'
import type { Db, Trx } from '#platform/server/db.ts'

/** Answers the name of a form by its very words: any other words are another form. */
export const hashOfForm = (form: FormBody): string =>
  createHash('sha256').update(canonical(form)).digest('base64url')

/** Keeps a form as it was shown, once; answers its name. */
export async function keepForm(trx: Trx, form: FormBody, now: Date): Promise<string> {
  const hash = hashOfForm(form)
  const { name, language, words } = form
  await trx
    .insertInto('formVersions')
    .values({ hash, name, language, body: JSON.stringify(words), created: now })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute()
  return hash
}

/** Answers the very form that was shown, word for word (rule 34); null when there is none of that name. */
export async function formOf(db: Db, hash: string): Promise<FormBody | null> {
  const row = await db
    .selectFrom('formVersions')
    .select(['name', 'language', 'body'])
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row ? { name: row.name, language: row.language, words: row.body as FormBody['words'] } : null
}
