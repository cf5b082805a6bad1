/** The things an activity can be, one drawing each. */
export const kindDrawings = [
  'share-media',
  'taster',
  'cafe',
  'flash-mob',
  'blog',
  'showing',
  'group-meeting',
  'letter',
  'visit',
  'training',
  'broadcast',
  'conversation',
  'display',
  'talk',
  'other',
] as const
export const stateDrawings = [
  'hero',
  'nothing-found',
  'nothing-waiting',
  'not-there',
  'broke',
  'mail-sent',
  'nothing-yet',
  'done',
  'waiting',
] as const
export type DrawingName = (typeof kindDrawings)[number] | (typeof stateDrawings)[number]

/** Answers whether there is a drawing of this name, for kinds that come from data. */
export const isDrawing = (name: string): name is DrawingName =>
  [...kindDrawings, ...stateDrawings].some((known) => known === name)
