import type { Text } from '#kernel/messages.ts'

const names = [
  'cannot-open',
  'cover',
  'covered',
  'cover-add',
  'cover-change',
  'cover-done',
  'cover-down',
  'cover-end',
  'cover-flatter',
  'cover-help',
  'cover-leave',
  'cover-left',
  'cover-narrower',
  'cover-none',
  'cover-picture',
  'cover-remove',
  'cover-right',
  'cover-round',
  'cover-said',
  'cover-square',
  'cover-taller',
  'cover-title',
  'cover-undo',
  'cover-up',
  'cover-wider',
  'empty',
  'failed',
  'finished',
  'go-on',
  'leave-out',
  'left-many',
  'left-one',
  'number',
  'sending',
  'sent',
  'too-large',
  'too-many',
  'waiting',
] as const

/** What the element fills in itself, because it learns it on the device. */
const later = Object.fromEntries(
  ['count', 'n', 'left', 'top', 'width', 'height', 'sent', 'refused', 'most'].map((name) => [
    name,
    `{${name}}`,
  ]),
)

/** Answers every sentence that `<abe-photos>` says, by its name. */
export const photoWords = (text: Text): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, text(`media.photos.${name}`, later)]))
