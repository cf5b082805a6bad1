import * as v from 'valibot'
import { replyForm } from '#comments/reply.ts'

const slug = v.pipe(v.string('input.choose'), v.maxLength(80, 'input.choose'))

/** What somebody says to a story, and to which. */
export const storyReply = v.object({ ...replyForm.entries, slug })

/** A press of "I like this", or of taking it back. */
export const liked = v.object({ slug })
