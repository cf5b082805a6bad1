import type { Socket } from 'node:net'
import { escapeMarkup } from '#kernel/markup.ts'
import { textIn } from '#kernel/messages.ts'
import { always } from '#web-answers.ts'

/** How long what still comes is taken and thrown away, milliseconds, so that a browser which sends before it reads sees the answer. */
const drainFor = 5000

/** Answers what cannot be read as a request in words, where the server would close without any: an address of more than 16 kB is what a long list in a search box becomes. */
export function sayCannotRead(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const long = error.code === 'HPE_HEADER_OVERFLOW'
  const text = textIn('en')
  const [title, words] = (
    long ? [text('too-long.title'), text('too-long.words')] : [text('error.title'), text('too-long.broken')]
  ).map(escapeMarkup)
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><main><h1>${title}</h1><p>${words}</p></main></html>\n`
  const heads = {
    ...always,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'content-length': String(Buffer.byteLength(page)),
    connection: 'close',
  }
  const lines = Object.entries(heads).map(([name, value]) => `${name}: ${value}\r\n`)
  const status = long ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.on('error', () => {
    // Whoever sends what cannot be read may hang up in the middle of it.
  })
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${page}`)
  socket.resume()
  setTimeout(() => socket.destroy(), drainFor).unref()
}
