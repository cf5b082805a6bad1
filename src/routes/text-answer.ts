const encoder = new TextEncoder()

/** Makes an answer of a text that is whole. It says its length, so that it is compressed in one go: a stream would cost a fifth of the answer again. */
export function textAnswer(text: string, headers: Record<string, string>, status = 200): Response {
  const body = encoder.encode(text)
  return new Response(body, { status, headers: { ...headers, 'content-length': String(body.length) } })
}
