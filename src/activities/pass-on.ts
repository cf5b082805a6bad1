const withQuery = (address: string, query: Record<string, string>): string =>
  `${address}?${new URLSearchParams(query)}`

/** Answers the addresses by which a page is passed on: plain links, nobody's script. */
export function passOnLinks(words: string, url: string) {
  const both = `${words} ${url}`
  return [
    { to: 'mail', href: `mailto:?subject=${encodeURIComponent(words)}&body=${encodeURIComponent(both)}` },
    { to: 'whatsapp', href: withQuery('https://wa.me/', { text: both }) },
    { to: 'facebook', href: withQuery('https://www.facebook.com/sharer/sharer.php', { u: url }) },
    { to: 'linkedin', href: withQuery('https://www.linkedin.com/sharing/share-offsite/', { url }) },
    { to: 'bluesky', href: withQuery('https://bsky.app/intent/compose', { text: both }) },
    { to: 'mastodon', href: `https://share.joinmastodon.org/#text=${encodeURIComponent(both)}` },
  ] as const
}
