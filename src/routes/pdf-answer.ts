import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { textAnswer } from './text-answer.ts'

/** Answers a PDF to look at and print; no cache keeps it. */
export const pdfAnswer = (bytes: Uint8Array, code = 'letter'): Response =>
  new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': `inline; filename="${code}.pdf"`,
      'cache-control': 'private, no-store',
    },
  })

/** Says a no in plain words: it stands in a tab of its own, and the page with the letter is still open beside it. */
export async function sayWhyNot(
  language: App.Locals['language'],
  make: () => Promise<Response>,
): Promise<Response> {
  try {
    return await make()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const words = `${textIn(language)(error.key, error.params)}\n`
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-store' }
    return textAnswer(words, headers, error.status)
  }
}
