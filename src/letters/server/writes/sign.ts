import { randomUUID } from 'node:crypto'
import type * as v from 'valibot'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { shownAs, type signInput } from '#letters/own.ts'
import { rateHere } from '#letters/server/rate-here.ts'
import { letterToSign, saidYes } from '#letters/server/reads/sign.ts'
import { signatureLink, signatureToken } from '#letters/server/signature-link.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { hashToken } from '#platform/server/tokens.ts'

type Sign = v.InferOutput<typeof signInput> & { from: string }

/** Signs a joint letter as somebody wants to be read, and mails the link with which that is confirmed or taken back. It counts once confirmed. A confirmed one is never changed by whoever types its e-mail; its own page is mailed again. Says the same either way. The same form pressed twice mails once. */
export async function signLetter(db: Db, _viewer: Viewer, input: Sign, now: Date): Promise<void> {
  await countOrRefuse(
    db,
    [rateHere('sign-from', input.from), { name: 'sign', of: input.email, most: 5, minutes: 60 }],
    now,
  )
  await inTransaction(db, (trx) =>
    onceOnly(trx, `sign ${input.word}`, input.formKey, async () => {
      const letter = await letterToSign(trx, input.word)
      if (!letter) throw missing()
      if (letter.closed) throw new Refusal('conflict', 'letters.sign.closed')
      const token = signatureToken(letter.id, input.email)
      const shown = shownAs(input.as, input.name, input.inWords)
      await trx
        .insertInto('signatures')
        .values({
          letter: letter.id,
          shown,
          email: input.email,
          tell: input.tell,
          token: hashToken(token),
          created: now,
        })
        .onConflict((conflict) =>
          conflict.columns(['letter', 'email']).doUpdateSet((on) => ({
            tell: on
              .case()
              .when('signatures.confirmed', 'is', null)
              .then(input.tell)
              .else(on.ref('signatures.tell'))
              .end(),
            shown: on
              .case()
              .when('signatures.confirmed', 'is', null)
              .then(shown)
              .else(on.ref('signatures.shown'))
              .end(),
          })),
        )
        .execute()
      const link = signatureLink(letter.id, input.email)
      await mailSignature(trx, { email: input.email, link }, now)
    }),
  )
}

async function mailSignature(trx: Trx, { email, link }: { email: string; link: string }, now: Date) {
  await queueMail(trx, {
    key: `letter-sign:${randomUUID()}`,
    address: email,
    name: 'letter-sign',
    params: { link, stopLink: link },
    urgency: 'answer',
    due: now,
  })
}

type Mine = { word: string; mine: string }

/** Confirms a signature with its mailed word; pressing again does no harm. Not once the letter has left, or its writer has confirmed it. */
export async function confirmSignature(db: Db, _viewer: Viewer, input: Mine, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const letter = await letterToSign(trx, input.word)
    const row =
      letter &&
      (await trx
        .selectFrom('signatures')
        .select(['letter', 'confirmed'])
        .where('token', '=', hashToken(input.mine))
        .where('letter', '=', letter.id)
        .executeTakeFirst())
    if (!row) throw new Refusal('missing', 'refusal.link')
    if (row.confirmed !== null) return
    // Locked before it is asked: the yes of its writer at the same moment is before this, or after.
    const open = await trx
      .selectFrom('letters')
      .select('released')
      .where('id', '=', row.letter)
      .forUpdate()
      .executeTakeFirst()
    if (open?.released !== null || (await saidYes(trx, row.letter)))
      throw new Refusal('conflict', 'letters.sign.closed')
    // Its writer says yes to the names that they have read: with another it is read again.
    await trx
      .updateTable('letters')
      .set((on) => ({ revision: on('revision', '+', 1) }))
      .where('id', '=', row.letter)
      .execute()
    await trx
      .updateTable('signatures')
      .set({ confirmed: now })
      .where('token', '=', hashToken(input.mine))
      .execute()
  })
}

/** Ends the mails about answers to somebody who signed; pressing again does no harm. */
export async function tellNoMore(db: Db, _viewer: Viewer, input: Mine, _now: Date): Promise<void> {
  await db
    .updateTable('signatures')
    .set({ tell: false })
    .where('token', '=', hashToken(input.mine))
    .where('letter', 'in', (on) =>
      on.selectFrom('letters').select('id').where('signing', '=', hashToken(input.word)),
    )
    .execute()
}

/** Takes a signature back and forgets its e-mail; pressing again does no harm. */
export async function takeBackSignature(db: Db, _viewer: Viewer, input: Mine, _now: Date): Promise<void> {
  await db
    .deleteFrom('signatures')
    .where('token', '=', hashToken(input.mine))
    .where('letter', 'in', (on) =>
      on.selectFrom('letters').select('id').where('signing', '=', hashToken(input.word)),
    )
    .execute()
}
