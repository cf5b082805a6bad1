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

function readFields(inside: string): Form['fields'] {
  const found = new Map<string, Form['fields'][number]>()
  for (const [, element = '', tag = ''] of inside.matchAll(/<(input|textarea|select|button)\b([^>]*)>/g)) {
    const name = attribute(tag, 'name')
    if (name === undefined || name === '') continue
    const type = element === 'input' ? (attribute(tag, 'type') ?? 'text') : element
    const picked = !['radio', 'checkbox'].includes(type) || / checked[\s/>]/.test(`${tag} `)
    const value = picked && element !== 'button' ? (attribute(tag, 'value') ?? '') : ''
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
