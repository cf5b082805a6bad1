/** Stands in the summary of a form that came back where the name of a field goes: the summary is above the fields, and is written before they are. */
export const nameGoesHere = '\uE000'

const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** What a compiled component may leave between two of its elements. */
const between = '(?:\\s|<!--[^>]*-->)*'

/** Answers the words over a field as they stand in a page: of its label, of the tick it is, or of its group; null when it has none. */
function wordsOver(html: string, id: string): string | null {
  const own = `\\bid="${escaped(id)}"`
  const found = [
    `<label for="${escaped(id)}"[^>]*>([^<]+)`,
    `<fieldset\\b[^>]*${own}[^>]*>${between}<legend[^>]*>${between}([^<]+)`,
    `<input\\b[^>]*${own}[^>]*>${between}<span class="option-words">${between}([^<]+)`,
  ].map((pattern) => new RegExp(pattern).exec(html)?.[1]?.trim())
  return found.find(Boolean) ?? null
}

/** Fills the names of the fields into the summary of a form that came back. A line about something that has no field in the page leads nowhere, and is no link. */
export function nameErrors(html: string): string {
  const from = html.indexOf('<div class="error-summary"')
  if (from < 0) return html
  const to = html.indexOf('</ul>', from)
  const summary = html
    .slice(from, to)
    .replace(
      /<a href="#([^"]+)"><strong>([^<]*)<\/strong>(.*?)<\/a>/gs,
      (_, id: string, name: string, words: string) => {
        if (!html.includes(` id="${id}"`)) return words.trim()
        const over = wordsOver(html, id)
        // A question needs no colon after it.
        const called =
          over !== null && /[?？؟]$/.test(over) ? over : name.replace(nameGoesHere, () => over ?? '')
        const said = over === null ? '' : `<strong>${called}</strong>`
        return `<a href="#${id}">${said}${over === null ? words.trimStart() : words}</a>`
      },
    )
  return html.slice(0, from) + summary + html.slice(to)
}
