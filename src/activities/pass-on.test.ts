import { expect, test } from 'vitest'
import { passOnLinks } from '#activities/pass-on.ts'

const words = 'Tea & cake #4: 50% „more“? 👋'
const url = 'https://week.example/activities/tea?week=2027&kind=cafe'
const both = `${words} ${url}`
const links = Object.fromEntries(passOnLinks(words, url).map(({ to, href }) => [to, new URL(href)]))
const asked = (to: string, name: string) => links[to]?.searchParams.get(name)

test('what is passed on arrives as it was written, whatever signs are in it', () => {
  expect(asked('mail', 'subject')).toBe(words)
  expect(asked('mail', 'body')).toBe(both)
  expect(asked('whatsapp', 'text')).toBe(both)
  expect(asked('facebook', 'u')).toBe(url)
  expect(asked('linkedin', 'url')).toBe(url)
  expect(asked('bluesky', 'text')).toBe(both)
  expect(new URLSearchParams(links['mastodon']?.hash.slice(1)).get('text')).toBe(both)
})

test('a mail program is given spaces as it reads them', () => {
  expect(links['mail']?.search).not.toContain('+')
})

test('each leads to the place of its name and to no other', () => {
  expect(Object.values(links).map((link) => link.protocol + link.hostname)).toEqual([
    'mailto:',
    'https:wa.me',
    'https:www.facebook.com',
    'https:www.linkedin.com',
    'https:bsky.app',
    'https:share.joinmastodon.org',
  ])
})
