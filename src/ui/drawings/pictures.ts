import {
  drawingForStory,
  drawingNamed,
  kindDrawings,
  stateDrawings,
  twoMinuteDrawings,
} from '#ui/drawings.ts'
import { groupCount, groupDrawing } from '#ui/drawings/groups.ts'
import { storyCount } from '#ui/drawings/stories.ts'
import { groundOf } from '#ui/map/land.ts'

type Colours = Record<string, string>

/** Answers the colours of the dark stylesheet by name. */
export function darkTokens(css: string): Colours {
  const body = /prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/.exec(css)?.[1] ?? ''
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

const rule = (kind: string, name: string, colour: string): string =>
  kind === 'f' ? `.f-${name}{fill:${colour}}` : `.s-${name}{fill:none;stroke:${colour}}`

/** Answers a drawing as a picture that knows light and dark by itself: with the colours it uses and no others. Throws on a colour that is not there. */
export function picture(pieces: string, light: Colours, dark: Colours): string {
  const used = [
    ...new Set([...pieces.matchAll(/class="([fs])-([\w-]+)"/g)].map(([, kind, name]) => `${kind} ${name}`)),
  ]
  const rules = (colours: Colours, needed: boolean): string =>
    used
      .map((one) => {
        const [kind = '', name = ''] = one.split(' ')
        const colour = colours[`draw-${name}`] ?? colours[name]
        if (colour === undefined && needed) throw new Error(`No colour "${name}"`)
        return colour === undefined ? '' : rule(kind, name, colour)
      })
      .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" width="320" height="200"><style>path,circle{stroke-linecap:round;stroke-linejoin:round}${rules(light, true)}@media(prefers-color-scheme:dark){${rules(dark, false)}}</style>${pieces}</svg>\n`
}

/** Answers every drawing there is as a file: kinds and states by name, stories and groups by number. */
export function pictureFiles(light: Colours, dark: Colours): Record<string, string> {
  const named = [...kindDrawings, ...stateDrawings, ...twoMinuteDrawings].map(
    (name) => [`${name}.svg`, drawingNamed(name)] as const,
  )
  const stories = Array.from(
    { length: storyCount },
    (_, at) => [`story-${at}.svg`, drawingForStory(at)] as const,
  )
  const groups = Array.from({ length: groupCount }, (_, at) => [`group-${at}.svg`, groupDrawing(at)] as const)
  return Object.fromEntries(
    [...named, ...stories, ...groups].map(([name, pieces]) => [name, picture(pieces, light, dark)]),
  )
}

/** Answers the land of the whole world as a picture that knows light and dark: in the page itself it would be a third of it. Its size is that of the drawn map. */
export function worldPicture(light: Colours, dark: Colours): string {
  const { width, height, land, borders } = groundOf({ kind: 'world' })
  const colours = ({ land: fill, 'land-edge': edge }: Colours): string =>
    fill === undefined || edge === undefined ? '' : `.l{fill:${fill}}path{stroke:${edge}}`
  const rules = colours(light)
  if (rules === '') throw new Error('The stylesheet has no colour for land')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>path{fill:none;stroke-width:.8;stroke-linejoin:round}${rules}@media(prefers-color-scheme:dark){${colours(dark)}}@media(prefers-contrast:more){path{stroke:#000}}</style><path class="l" d="${land}"/><path d="${borders}"/></svg>\n`
}
