import { expect, test } from 'vitest'
import { boxOf } from '#letters/server/codes.ts'
import { readBack } from '#letters/server/tasks/mailbox.ts'
import { deliveryReport } from '../../../../test/letters.ts'

const code = 'K7QD-4MTX'
const known = { code, sending: 1 }
const to = `${boxOf(code, 1)}@week.people.org`
const read = (raw: string) => readBack(Buffer.from(raw))
const report = (action: string, status: string, over: { diagnostic?: string; subject?: string } = {}) =>
  read(deliveryReport({ to, action, status, subject: 'Status', ...over }))

test.each([
  ['failed', '5.1.1', '5.1.1'],
  ['failed', '5.x.x', '5.0.0'],
  ['failed', '550', '5.0.0'],
  ['failed', '', '5.0.0'],
  ['failed', '2.0.0', '5.0.0'],
  ['failed', '5.1.1111', '5.0.0'],
  ['failed (no such mailbox)', '5.1.1 (bad destination mailbox address)', '5.1.1'],
  ['failure', '5.4.316', '5.4.316'],
  ['FAILED', '4.x', '4.0.0'],
  ['failed', '4.4.7', '4.4.7'],
])('a report with action “%s” and status “%s” is a letter that came back with %s', async (...of) => {
  const [action, status, said] = of
  expect(await report(action, status)).toEqual({ of: known, sort: 'returned', status: said })
})

test('a report without a status of its own takes the one in what their server said', async () => {
  const diagnostic = '550 5.1.1 <chair@council.org>:\n    Recipient address rejected'
  for (const status of ['5.0.0', '', 'x'])
    expect(await report('failed', status, { diagnostic })).toMatchObject({ status: '5.1.1' })
  // What is said more exactly in the status itself counts.
  expect(await report('failed', '5.7.1', { diagnostic })).toMatchObject({ status: '5.7.1' })
  const later = await report('failed', '5.0.0', { diagnostic: '452 4.2.2 mailbox full' })
  expect(later).toMatchObject({ status: '5.0.0' })
})

test('a report that it is late is neither a failure nor well on its way, and one that it went on is nothing', async () => {
  expect(await report('delayed', '4.4.1')).toEqual({ of: known, sort: 'late' })
  for (const action of ['relayed', 'delivered', 'expanded'])
    expect(await report(action, '2.0.0')).toEqual({ of: known, sort: 'notice' })
})

test('a report that does not say how it went is for a person, but for one whose own words do', async () => {
  for (const [action, status] of [
    ['returned', '4.9.9'],
    ['', ''],
    ['', '2.1.5'],
  ] as const)
    expect(await report(action, status)).toMatchObject({ of: known, sort: 'unclear' })
  const words = await report('', '', { subject: 'Undelivered Mail Returned to Sender' })
  expect(words).toEqual({ of: known, sort: 'returned', status: null })
})

test('a bounce of Postfix, word for word, names its letter and its status', async () => {
  const raw = `Return-Path: <>
Delivered-To: ${to}
Received: by mail.council.org (Postfix) id 4F1; Tue, 19 Oct 2027 10:00:00 +0000 (UTC)
Date: Tue, 19 Oct 2027 10:00:00 +0000 (UTC)
From: MAILER-DAEMON@mail.council.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ${to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F1.1/mail.council.org"

This is a MIME-encapsulated message.

--4F1.1/mail.council.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.council.org.

--4F1.1/mail.council.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.council.org
X-Postfix-Queue-ID: 4F1
Arrival-Date: Tue, 19 Oct 2027 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; chair@council.org
Original-Recipient: rfc822;chair@council.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.council.org
Diagnostic-Code: smtp; 550 5.1.1 <chair@council.org>: Recipient address
    rejected: User unknown in local recipient table

--4F1.1/mail.council.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Subject: Come and see it

--4F1.1/mail.council.org--
`
  expect(await read(raw)).toEqual({ of: known, sort: 'returned', status: '5.1.1' })
})
