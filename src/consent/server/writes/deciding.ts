import type { FormBody } from '#consent/form.ts'
import type { Hand } from '#consent/events.ts'
import type {
  Answer,
  DecideInput,
  ObjectInput,
  Receipt,
  RequestInput,
  WithdrawInput,
} from '#consent/permission.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Asks for a permission and answers the link to hand over, as a word that is kept as a hash only. Mails nobody. */
export async function requestPermission(
  db: Db,
  viewer: Viewer,
  input: RequestInput & { by: Hand },
  now: Date,
): Promise<{ permission: string; token: string; link: string }> {
  return unwritten(db, viewer, input, now)
}

/** Keeps a yes, a no or a not-sure (a no for now) of whoever holds the link, with the very form they saw. A no hides in the same transaction. */
export async function decide(
  db: Db,
  viewer: Viewer,
  input: DecideInput & { form: FormBody },
  now: Date,
): Promise<{ answer: Answer }> {
  return unwritten(db, viewer, input, now)
}

/** Takes a permission back for good and hides in the same transaction; answers what is gone and what cannot be reached. Pressed twice it answers the same. */
export async function withdraw(db: Db, viewer: Viewer, input: WithdrawInput, now: Date): Promise<Receipt> {
  return unwritten(db, viewer, input, now)
}

/** Keeps a no that was seen and hides at once. One tap. */
export async function objectObserved(db: Db, viewer: Viewer, input: ObjectInput, now: Date): Promise<void> {
  return unwritten(db, viewer, input, now)
}
