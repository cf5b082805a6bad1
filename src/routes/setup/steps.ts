import { redirect } from '@sveltejs/kit'
import { missing } from '#kernel/refusal.ts'
import { maySetUp } from '#site/may.ts'

export const steps = ['site', 'week', 'people', 'mail', 'example', 'done'] as const
export type Step = (typeof steps)[number]

export const stepAddress = (step: Step): string => (step === 'site' ? '/setup' : `/setup/${step}`)

/** Lets organisers in; asks whoever is not signed in to sign in first. */
export function onlyOrganisers(locals: App.Locals, step: Step): void {
  if (locals.viewer.account === null) redirect(303, `/sign-in?next=${encodeURIComponent(stepAddress(step))}`)
  if (!maySetUp(locals.viewer)) throw missing()
}
