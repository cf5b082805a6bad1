import { defineParams } from '@sveltejs/kit/params'
import { pageNames, type PageName } from '#site/settings.ts'

const plainNames: readonly string[] = pageNames.filter((name) => name !== 'safety')

export const params = defineParams({
  /** The addresses of pages that are only a text. */
  plain: (name): PageName | undefined => (plainNames.includes(name) ? (name as PageName) : undefined),
})
