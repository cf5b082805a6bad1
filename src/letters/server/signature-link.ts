import { signingWord } from '#letters/server/writes/begin.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Answers the word in the address where somebody looks after their own signature: of one letter and one e-mail, so that a later mail can name it again. */
export const signatureToken = (letter: string, email: string): string =>
  keyedHash(`signature:${letter}:${email}`)

/** Answers the address where somebody looks after their own signature. */
export const signatureLink = (letter: string, email: string): string =>
  `${siteAddress(readConfig())}/letters/sign/${signingWord(letter)}/${signatureToken(letter, email)}`
