import { escapeMarkup } from '#kernel/markup.ts'
import type { Text } from '#kernel/messages.ts'
import { pictureAddress, type NumberedPicture } from '#stories/picture.ts'
import type { Story } from '#stories/story.ts'
import { layOut, type Figure } from '#stories/layout.ts'
import { openingOf } from '#stories/telling.ts'
import { toldBy, whereOf } from '#stories/words.ts'

function figureHtml(picture: NumberedPicture, site: string): string {
  const widest = picture.widths.at(-1)
  const width = picture.widths.find((one) => one >= 640) ?? widest
  if (width === undefined) return ''
  const src = `${site}${pictureAddress(picture.id, width, 'jpg')}`
  const line = picture.caption === '' ? '' : `<figcaption>${escapeMarkup(picture.caption)}</figcaption>`
  const height = Math.round((width * picture.height) / picture.width)
  return `<figure><img src="${src}" width="${width}" height="${height}" alt="${escapeMarkup(picture.words)}" loading="lazy">${line}</figure>`
}

/** Answers a whole story as HTML for other people's programs, with the photographs it was read with where they stand. */
function wholeHtml(story: Story, site: string): string {
  const { lead, parts, more } = layOut(story.body, story.pictures)
  const figures = (all: readonly Figure[]): string =>
    all.map((one) => ('picture' in one ? figureHtml(one.picture, site) : '')).join('')
  const shown = (pictures: readonly NumberedPicture[]): string =>
    figures(pictures.map((picture) => ({ picture })))
  return [
    shown(lead ? [lead] : []),
    ...parts.map((part) => ('html' in part ? part.html : figures(part.figures))),
    shown(more),
  ]
    .filter((piece) => piece !== '')
    .join('\n')
}

/** The shape of contract.md, for other people's programs. `site` is our address, without a slash behind it. */
export const asJson = (story: Story, site: string) => ({
  slug: story.slug,
  title: story.title,
  html: wholeHtml(story, site),
  published: story.published.toISOString(),
  updated: story.updated.toISOString(),
  language: story.language,
  week: story.week,
  activity: story.activity?.slug ?? null,
  media: story.pictures.map((picture) => ({
    id: picture.id,
    type: 'picture',
    alt: picture.words,
    captions: picture.caption,
    widths: picture.widths,
    url: `${site}${pictureAddress(picture.id, picture.widths.at(-1) ?? 320, 'jpg')}`,
  })),
  likes: story.heard?.likes ?? 0,
  replies: story.heard?.replies ?? 0,
  kind: story.kind,
  country: story.country,
  town: story.town,
  group: story.group?.slug ?? null,
  author: story.authorName,
  authorUrl: story.author && `${site}/stories/by/${story.author}`,
  with: story.withName,
  toldHow: story.toldHow,
  link: story.link,
  url: `${site}/stories/${story.slug}`,
})

export type Feed = {
  title: string
  /** The whole address of the feed, and of the page that shows the same. */
  self: string
  page: string
  site: string
  /** When nothing is in it: what it is dated. */
  empty: Date
  next: string | null
}

/** Writes an Atom feed of stories, newest first; valid when there are none. */
export function asAtom(stories: readonly Story[], feed: Feed, text: Text): string {
  const updated = stories.reduce(
    (latest, story) => (story.updated > latest ? story.updated : latest),
    stories.at(0)?.published ?? feed.empty,
  )
  const link = (rel: string, href: string, type: string): string =>
    `<link rel="${rel}" type="${type}" href="${escapeMarkup(href)}"/>`
  const entry = (story: Story): string => {
    const url = escapeMarkup(`${feed.site}/stories/${story.slug}`)
    return [
      `<entry xml:lang="${escapeMarkup(story.language)}"><id>${url}</id><title>${escapeMarkup(story.title)}</title>`,
      `<link rel="alternate" type="text/html" href="${url}"/>`,
      `<published>${story.published.toISOString()}</published><updated>${story.updated.toISOString()}</updated>`,
      `<author><name>${escapeMarkup(story.authorName === '' ? toldBy(story, text) : story.authorName)}</name></author>`,
      ...(story.withName === ''
        ? []
        : [`<contributor><name>${escapeMarkup(story.withName)}</name></contributor>`]),
      ...(story.kind === null ? [] : [`<category term="${escapeMarkup(story.kind)}"/>`]),
      `<summary>${escapeMarkup(openingOf(story.body, 240))}</summary>`,
      `<content type="html">${escapeMarkup(wholeHtml(story, feed.site))}</content></entry>`,
    ].join('')
  }
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>${escapeMarkup(feed.self)}</id><title>${escapeMarkup(feed.title)}</title>`,
    `<updated>${updated.toISOString()}</updated>`,
    link('self', feed.self, 'application/atom+xml'),
    link('alternate', feed.page, 'text/html'),
    ...(feed.next === null ? [] : [link('next', feed.next, 'application/atom+xml')]),
    ...stories.map(entry),
    '</feed>\n',
  ].join('\n')
}

/** How something is taken in, in the words of schema.org. */
const accessModes = {
  symbols: ['visual', 'textual'],
  pictures: ['visual', 'textual'],
  voice: ['auditory', 'textual'],
}

const imageOf = (picture: NumberedPicture, site: string) => ({
  '@type': 'ImageObject',
  contentUrl: `${site}${pictureAddress(picture.id, picture.widths.at(-1) ?? 320, 'jpg')}`,
  ...(picture.caption !== '' && { caption: picture.caption }),
})

/** Answers a story as schema.org says it, for search engines. */
export function asJsonLd(story: Story, site: string, text: Text): Record<string, unknown> {
  const person = (name: string) => ({ '@type': 'Person', name })
  const where = whereOf(story, 'en')
  return {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: story.title,
    url: `${site}/stories/${story.slug}`,
    mainEntityOfPage: `${site}/stories/${story.slug}`,
    ...(story.locatable && {
      datePublished: story.published.toISOString(),
      dateModified: story.updated.toISOString(),
    }),
    inLanguage: story.language,
    description: openingOf(story.body, 240),
    author:
      story.authorName === ''
        ? { '@type': 'Person', name: toldBy(story, text) }
        : { ...person(story.authorName), ...(story.author && { url: `${site}/stories/by/${story.author}` }) },
    creditText: toldBy(story, text),
    ...(story.withName !== '' && { contributor: person(story.withName) }),
    ...(story.toldHow !== 'writing' && { accessMode: accessModes[story.toldHow] }),
    ...(story.pictures.length > 0 && { image: story.pictures.map((picture) => imageOf(picture, site)) }),
    ...(story.heard && {
      commentCount: story.heard.replies,
      interactionStatistic: {
        '@type': 'InteractionCounter',
        interactionType: 'https://schema.org/LikeAction',
        userInteractionCount: story.heard.likes,
      },
    }),
    ...(story.link && { isBasedOn: story.link.address }),
    ...(where !== '' && { contentLocation: { '@type': 'Place', name: where } }),
    ...(story.activity && {
      about: {
        '@type': 'Event',
        name: story.activity.title,
        url: `${site}/activities/${story.activity.slug}`,
      },
    }),
  }
}
