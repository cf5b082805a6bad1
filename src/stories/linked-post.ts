/** Where else a story stands, as a card shows it. Nothing of it is loaded by whoever reads the page. */
export type LinkCard = { address: string; site: string; title: string; words: string }

/** What was read at the address a story leads to. */
export type LinkRead = { state: 'waiting' | 'read' | 'refused'; site: string; title: string; words: string }

/** The same as it stands with a story: "later" did not answer yet and is asked again. */
export type LinkStands = Omit<LinkRead, 'state'> & { state: LinkRead['state'] | 'later' }

/** Places that let nobody read without an account: what stands there is typed by whoever tells of it. */
const closedSites = [
  'facebook.com',
  'fb.com',
  'fb.watch',
  'instagram.com',
  'linkedin.com',
  'x.com',
  'twitter.com',
]

/** Answers the name of the machine that an address leads to, without what goes without saying. */
export const hostOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).hostname.replace(/^(www|m)\./, '') : ''

/** Answers whether it is known beforehand that a site refuses. */
export const refusesEverybody = (address: string): boolean =>
  closedSites.some((site) => hostOf(address) === site || hostOf(address).endsWith(`.${site}`))

type Linked = { link: string | null; linkTitle: string; linkWords: string }

/** Answers the card of a link: what its teller typed comes before what was read there, and the site's name is never missing. */
export function cardOfLink({ link, linkTitle, linkWords }: Linked, read: LinkStands | null): LinkCard | null {
  if (link === null) return null
  const found = read?.state === 'read' ? read : null
  const host = hostOf(link)
  return {
    address: link,
    site: found?.site ? (found.site === host ? host : `${found.site} (${host})`) : host,
    title: linkTitle || (found?.title ?? '') || host,
    words: linkWords || (found?.words ?? ''),
  }
}

/** Answers whether a host has a name that everybody can look up: no number, nothing of one machine or one house. */
export const isNamed = (host: string): boolean =>
  /[a-z]/i.test(host.split('.').at(-1) ?? '') &&
  host.includes('.') &&
  !host.startsWith('[') &&
  !/\.(localhost|local|internal|test|invalid|home\.arpa)$/i.test(host)
