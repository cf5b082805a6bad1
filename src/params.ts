import { defineParams } from '@sveltejs/kit/params'
import { pageNames, type PageName } from '#site/settings.ts'
import { listNames, type ListName } from '#weeks/lists.ts'

const plainNames: readonly string[] = pageNames.filter((name) => name !== 'safety')

export const params = defineParams({
  /** The addresses of pages that are only a text. */
  plain: (name): PageName | undefined => (plainNames.includes(name) ? (name as PageName) : undefined),
  /** The lists of a week that organisers change. */
  list: (name): ListName | undefined => listNames.find((one) => one === name),
})
