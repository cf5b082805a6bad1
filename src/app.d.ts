import type { IncomingMessage } from 'node:http'
import type { Language } from '#kernel/messages.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

declare global {
  namespace App {
    interface Error {
      /** A sentence for whoever reads the page. */
      message: string
      /** Nothing is wrong: a person is looking at it, and that is all there is to say. */
      held?: boolean
    }
    interface Locals {
      db: Db
      viewer: Viewer
      language: Language
      now: Date
      /** Lets the page be kept for visitors without a session, at most 60 seconds and not beyond the moment given. Call it only when the page holds nothing of one visitor. */
      keep: (until?: Date | null) => void
    }
    interface Platform {
      req: IncomingMessage
    }
  }
}
