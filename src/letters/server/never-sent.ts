import { readConfig } from '#platform/server/config.ts'
import { isNobodys } from '#platform/server/postbox.ts'

/** Answers whether an office is one of an example, to which the mail server is given nothing. */
export const isNeverSent = (email: string | null): boolean =>
  email !== null && readConfig().smtpUrl !== null && isNobodys(email)
