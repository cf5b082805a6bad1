import type { Fields } from './site.ts'

/** A form as it stands in a page: where it goes and what it sends when nothing is changed. */
export type Form = { page: string; action: string; fields: { name: string; type: string; value: string }[] }

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>]|$)`).exec(`${tag} `)?.[1]?.replaceAll('&amp;', '&')

/** Reads the forms of a page that post. */
export function formsIn(page: string, html: string): Form[] {
  const forms = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)]
  return forms
    .filter(([, tag = '']) => attribute(tag, 'method')?.toLowerCase() === 'post')
    .flatMap(([, tag = '', inside = '']) => {
      const fields = readFields(inside)
      const own = attribute(tag, 'action') ?? ''
      const others = [...inside.matchAll(/<button\b([^>]*)>/g)].map(([, button = '']) =>
        attribute(button, 'formaction'),
      )
      const actions = new Set([own, ...others.filter((one) => one !== undefined)])
      return [...actions].map((action) => ({ page, action: addressOf(page, action), fields }))
    })
}

const addressOf = (page: string, action: string): string => {
  const { pathname, search } = new URL(action, `http://site${page}`)
  return pathname + (action === '' ? new URL(page, 'http://site').search : search)
}

const plain = (words: string): string =>
  words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** What stands chosen in a select: the option that is marked, else the first. */
function chosenIn(inside: string): string {
  const options = [...inside.matchAll(/<option\b([^>]*)>/g)].map(([, tag = '']) => tag)
  const chosen = options.find((tag) => / selected[\s=>/]/.test(`${tag} `)) ?? options[0] ?? ''
  return attribute(chosen, 'value') ?? ''
}

function valueOf(element: string, tag: string, after: string): string {
  if (element === 'button') return ''
  const inside = after.split(`</${element}>`, 1)[0] ?? ''
  if (element === 'select') return chosenIn(inside)
  if (element === 'textarea') return plain(inside)
  const type = attribute(tag, 'type') ?? 'text'
  const picked = !['radio', 'checkbox'].includes(type) || / checked[\s/>=]/.test(`${tag} `)
  return picked ? (attribute(tag, 'value') ?? '') : ''
}

function readFields(inside: string): Form['fields'] {
  const found = new Map<string, Form['fields'][number]>()
  for (const { 0: whole, 1: element = '', 2: tag = '', index } of inside.matchAll(
    /<(input|textarea|select|button)\b([^>]*)>/g,
  )) {
    const name = attribute(tag, 'name')
    if (name === undefined || name === '') continue
    const type = element === 'input' ? (attribute(tag, 'type') ?? 'text') : element
    const value = valueOf(element, tag, inside.slice(index + whole.length))
    const before = found.get(name)
    if (!before || (before.value === '' && value !== '')) found.set(name, { name, type, value })
  }
  return [...found.values()]
}

/** What a form sends as it stands, with the answers given. */
export const filled = (form: Form, answers: Record<string, string> = {}): Fields => ({
  ...Object.fromEntries(form.fields.map(({ name, value }) => [name, value])),
  ...answers,
})
