const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Answers words as they may stand in HTML and XML, between tags and in attributes; what XML 1.0 cannot carry is left out. */
export const escapeMarkup = (words: string): string =>
  words
    // oxlint-disable-next-line no-control-regex -- XML 1.0 cannot carry these at all
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)
