import type { Text } from '#kernel/messages.ts'
import { inSentences, type Kit } from '#kits/kit.ts'

/** The words of a kit, to copy: a message to friends, the end of an e-mail, a note for the press. */
export type KitWords = Record<'message' | 'signature' | 'press', string>

/** Answers the words to copy, ready as they are; lines that would say nothing are left out. */
export function wordsOf(kit: Kit, text: Text): KitWords {
  const { title, when, where, summary, address, week, host } = kit
  const lines = (...all: string[]): string => all.filter(Boolean).join('\n')
  const off = kit.cancelled ? text('kit.cancelled') : ''
  return {
    message: lines(off, text('kit.words.message', { title }), when, where, address),
    signature: lines(off, title, [when, where].filter(Boolean).join(' · '), address),
    press: lines(
      off,
      text('kit.words.press', { title }),
      '',
      summary,
      text('kit.words.press-when', { all: inSentences(when, where) }),
      kit.access.length > 0 ? text('kit.words.press-access', { access: kit.access.join(', ') }) : '',
      week === '' ? '' : text('kit.words.press-week', { week }),
      host === '' ? '' : text('kit.words.press-host', { host }),
      text('kit.words.press-more', { address }),
    ),
  }
}
