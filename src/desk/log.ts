import { isMessageKey, type MessageKey } from '#kernel/messages.ts'

/** Answers the catalogue's name of what was done; of something that only an older version knew, a general one. */
export function didKey(action: string): MessageKey {
  const key = `log.${action}`
  return isMessageKey(key) ? key : 'log.other'
}

/** What a subject names that has no title of its own: its words in the catalogue, and where it is looked after. */
const places: readonly [pattern: RegExp, key: MessageKey, href: (id: string) => string | null][] = [
  [/^concerns:([0-9a-f-]{36})$/, 'log.about.concern', (id) => `/desk/concerns/${id}`],
  [/^accounts:(duty)$/, 'desk.duty', () => '/desk/duty'],
  [/^accounts:(erased)$/, 'log.about.erased', () => null],
  [/^people-shown:(.+)$/, 'log.about.person', () => null],
  [/^objections:(.+)$/, 'log.about.no', () => null],
  [/^consent:(ledger)$/, 'log.about.ledger', () => null],
  [/^mails:(.+)$/, 'desk.outbox', () => '/desk/outbox'],
  [/^site:(settings|home)$/, 'desk.settings', () => '/desk/settings'],
  [/^letters:([0-9a-f-]{36})$/, 'log.about.letter', () => '/desk/letters'],
  [/^letters:(left-alone)$/, 'log.about.letters', () => '/desk/letters'],
  [/^promises:(.+)$/, 'log.about.promise', () => '/desk/letters#promises'],
  [/^replies:(.+)$/, 'log.about.reply', () => null],
  [/^site:(watched-words)$/, 'desk.replies.watched', () => '/desk/replies'],
  [/^site:(example)$/, 'log.about.example', () => '/setup/example'],
  [/^site:(\/.*)$/, 'site.redirects.title', () => '/desk/settings'],
  [/^site:([a-z-]+)$/, 'desk.texts', (name) => `/desk/texts/${name}`],
]

/** Answers what a subject without a title of its own is called and where it is looked after; null for any other. */
export function placeOf(subject: string): { key: MessageKey; href: string | null } | null {
  for (const [pattern, key, href] of places) {
    const id = pattern.exec(subject)?.[1]
    if (id !== undefined) return { key, href: href(id) }
  }
  return null
}
