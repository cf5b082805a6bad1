// The limit for mail: nodemailer by itself over a pool of five connections, with the same mails, all of them at hand.
import { createTransport } from 'nodemailer'

export type MailsToSend = { url: string; count: number; subject: string; text: string }

async function sendAll({ url, count, subject, text }: MailsToSend): Promise<void> {
  const transport = createTransport({ url, pool: true, maxConnections: 5, maxMessages: Infinity })
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      transport.sendMail({
        from: { name: 'A Bit Extra', address: 'noreply@week.example' },
        to: `person${at}@people.org`,
        subject,
        text,
        messageId: `<${crypto.randomUUID()}@week.example>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    ),
  )
  transport.close()
}

process.on('message', (mails: MailsToSend) => void sendAll(mails).then(() => process.send?.('sent')))
process.send?.('ready')
