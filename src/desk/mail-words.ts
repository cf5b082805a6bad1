import { isMessageKey, type Text } from '#kernel/messages.ts'

/** What a subject holds of the one it is written to, which a list of mails does not say; of several things it speaks as of any. */
const left = { count: 2, title: '…', office: '…', until: '…', when: '…', weekName: '…' }

/** Says what a mail is as its subject does, without what is only for whom it is written to: "You are coming". */
export function sayMail(name: string, siteName: string, text: Text): string {
  const key = `mail.${name}.subject`
  if (!isMessageKey(key)) return name
  return text(key, { ...left, siteName }).replace(/[:?]? …$/, (end) =>
    end.startsWith('?') ? '?' : end === ' …' ? end : '',
  )
}
