import type { IncomingMessage, ServerResponse } from 'node:http'
import { ledgerPosition } from '#consent/server/ledger.ts'
import { replayLedger } from '#consent/server/replay.ts'
import { followLedger } from '#desk/server/following.ts'
import { textIn } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { always } from '#web-answers.ts'

/** How long until a replay that failed is tried again, milliseconds. */
const again = 1000

export type LedgerGate = {
  /** Whether what was withdrawn is in force here: until then nothing is answered. */
  open: () => boolean
  /** Whether nothing is held back because the ledger was missing, broken or behind. */
  trusted: () => Promise<boolean>
  /** Ends with the first try, however it went. */
  tried: Promise<void>
  stop: () => void
}

/** Brings the ledger of withdrawals into force before anything is answered, and tries again until it has (rule 24). */
export function replayFirst(db: Db): LedgerGate {
  let done = false
  let timer: NodeJS.Timeout | undefined
  const attempt = async (): Promise<void> => {
    try {
      const { replayed, closed, why } = await replayLedger(db, new Date(), followLedger)
      done = true
      if (replayed > 0) log.warn({ replayed }, 'what was withdrawn since the backup is in force again')
      if (closed) log.error({ why }, 'the ledger cannot be trusted: activities and stories stay hidden')
    } catch (error) {
      log.error({ error: safeError(error) }, 'the ledger could not be replayed yet')
      timer = setTimeout(() => void attempt(), again).unref()
    }
  }
  return {
    open: () => done,
    trusted: async () => done && !(await ledgerPosition(db)).closed,
    tried: attempt(),
    stop: () => clearTimeout(timer),
  }
}

/** Says that the site is not there yet. */
export function sayNotYet(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, {
    ...always,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '5',
  })
  response.end(request.method === 'HEAD' ? undefined : `${textIn('en')('error.away')}\n`)
}
