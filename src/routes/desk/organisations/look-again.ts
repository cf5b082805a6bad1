import type { Viewer } from '#kernel/viewer.ts'
import type { Touched } from '#organisations/organisation.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Change<Input, Done extends Touched> = (
  trx: Trx,
  viewer: Viewer,
  input: Input,
  now: Date,
) => Promise<Done>

/** Makes a use case of a change after which something may no longer be allowed. Every such change of an organisation goes through here, in one transaction, so that permission can look again at what it touched before it commits. */
export const lookAgain =
  <Input, Done extends Touched>(change: Change<Input, Done>) =>
  (db: Db, viewer: Viewer, input: Input, now: Date): Promise<Done> =>
    inTransaction(db, (trx) => change(trx, viewer, input, now))
