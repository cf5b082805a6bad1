import * as v from 'valibot'
import { line } from '#kernel/input.ts'

/** The page of somebody who tells stories, under the name they sign with. */
export const authorInput = v.object({ name: line(80) })
export type AuthorInput = v.InferOutput<typeof authorInput>

/** One of somebody's own stories, to be opened. */
export const openedStory = v.object({
  slug: v.pipe(v.string('input.choose'), v.regex(/^[a-z0-9-]{1,80}$/, 'input.choose')),
})
export type OpenedStory = v.InferOutput<typeof openedStory>
