import { isMessageKey, type MessageKey } from '#kernel/messages.ts'

/** What the clock removes by itself: every catalogue name `desk.kept.<this>`. */
export type Kept = MessageKey extends infer Key
  ? Key extends `desk.kept.${infer Name}`
    ? Name
    : never
  : never

/** Answers the catalogue's name of what a run removed; of something that only an older version knew, a general one. */
export function keptKey(what: string): MessageKey {
  const key = `desk.kept.${what}`
  return isMessageKey(key) ? key : 'desk.kept-other'
}
