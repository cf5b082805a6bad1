import { leadsGroup, organises, type Viewer } from '#kernel/viewer.ts'

/** Whether somebody may start a group's page. */
export const mayMakeGroup = (viewer: Viewer): boolean => organises(viewer)

/** Whether somebody may change a group's page: whoever leads it. */
export const mayChangeGroup = (viewer: Viewer, group: { id: string }): boolean => leadsGroup(viewer, group.id)

/** Whether somebody may take a group's page away or bring it back. */
export const mayHideGroup = (viewer: Viewer): boolean => organises(viewer)

/** Whether somebody may read a group's page: everybody, unless it is hidden. */
export const mayReadGroup = (viewer: Viewer, group: { id: string; hidden: boolean }): boolean =>
  !group.hidden || leadsGroup(viewer, group.id)
