/** A reason to stop that a person can act on; its message is all they see. */
export class Stop extends Error {}

/** @type {[RegExp, string][]} */
const causes = [
  [/ENOSPC/, 'The disk is full. Make room (about 1,200 MB) and start again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/i,
    'The npm registry could not be reached. Is this machine online? What was fetched is kept; start again later.',
  ],
  [
    /EACCES|EPERM|EROFS/,
    'This folder cannot be written by this account. Start once as the account it belongs to, or copy it.',
  ],
  [/JavaScript heap|SIGKILL|Killed/, 'There was not enough memory. 2 GB are enough.'],
]

/**
 * The plain sentence for an error the machine reports, if it is a known one.
 * @param {string} said
 */
export const causeOf = (said) => causes.find(([pattern]) => pattern.test(said))?.[1]

/**
 * The plain cause, if it is a known one, then what the program itself said last.
 * @param {{ output: string }} ran
 * @param {string} what
 */
export function explain({ output }, what) {
  const said = output.trim().split('\n').slice(-25).join('\n')
  return [what, causeOf(output), said && `What it said:\n${said}`].filter(Boolean).join('\n')
}
