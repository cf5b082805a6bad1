/** Answers the light colours of the stylesheet by name. */
export function lightTokens(css: string): Record<string, string> {
  const body = /:root \{([^}]*)\}/.exec(css)?.[1] ?? ''
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

/** Answers pieces of a drawing as a file of their own: with colours instead of classes. Throws on a colour that is not there. */
export function alone(
  pieces: string,
  [width, height]: readonly [number, number],
  tokens: Record<string, string>,
): string {
  const colourOf = (name: string) => {
    const value = tokens[`draw-${name}`] ?? tokens[name]
    if (!value) throw new Error(`No colour "${name}"`)
    return value
  }
  const coloured = pieces
    .replaceAll(/class="f-([\w-]+)"/g, (_, name: string) => `fill="${colourOf(name)}"`)
    .replaceAll(
      /class="s-([\w-]+)"/g,
      (_, name: string) =>
        `fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="${colourOf(name)}"`,
    )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${coloured}</svg>\n`
}
