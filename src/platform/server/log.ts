import pino from 'pino'
import { readConfig } from '#platform/server/config.ts'

/** Structured lines on standard output. Whatever could name a person is taken out before a line is written. */
export const log = pino({
  level: readConfig().log,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: [
      'email',
      'address',
      'name',
      'token',
      '*.email',
      '*.address',
      '*.name',
      '*.token',
      'headers',
      '*.headers',
    ],
    remove: true,
  },
})

/** Answers an error as it may be logged: what and where, without values that people typed. */
export const safeError = (error: unknown): { kind: string; message: string; stack: string | undefined } => {
  if (!(error instanceof Error))
    return { kind: typeof error, message: 'not an error object', stack: undefined }
  const code = 'code' in error ? String(error.code) : undefined
  return {
    kind: error.name,
    // PostgreSQL and validation errors quote the value that was refused.
    message: code ? `code ${code}` : error.message.replace(/\S+@\S+/g, '…').slice(0, 300),
    stack: error.stack?.split('\n').slice(1, 8).join('\n'),
  }
}
