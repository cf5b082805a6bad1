import { hasGrownSince, reaches } from '#consent/ages.ts'
import { changedMinds } from '#consent/server/reads/people.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { textIn, type Text } from '#kernel/messages.ts'
import { sayDays } from '#kernel/times.ts'
import { answersForm, ofForm } from '#organisations/paper-form.ts'
import type { PaperAnswer } from '#organisations/paper.ts'
import { widestOf } from '#organisations/policy.ts'
import { paperFormOf } from '#organisations/server/reads/paper.ts'
import { supportedPeople } from '#organisations/server/reads/people.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import { savePaperAnswers } from '#organisations/server/writes/answers.ts'
import { endPaperForm } from '#organisations/server/writes/paper.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent, url }) => {
  const { organisation } = await parent()
  const { db, viewer, now, language } = locals
  const text = textIn(language)
  const [form, people, policy, changed] = await Promise.all([
    paperFormOf(db, viewer, { organisation: organisation.id, form: params.form }),
    supportedPeople(db, viewer, organisation.id, now),
    policyInForce(db, organisation.id, now),
    changedMinds(db, organisation.id),
  ])
  const answers = new Map(form.answers.map((answer) => [answer.supported, answer]))
  const { id, title, says, circle, purposes, modes, namesThisSite, namesSocialMedia, revision } = form
  return {
    form: { id, title, says, circle, purposes, modes, namesThisSite, namesSocialMedia, revision },
    dated: sayDays(form.dated, form.dated, language),
    ended: form.ended !== null,
    answered: form.answers.length > 0,
    saved: url.searchParams.has('saved'),
    values: Object.fromEntries(form.answers.flatMap(asTyped)),
    people: people
      .filter((person) => person.parted === null)
      .map(({ id: person, label, colour, ageBand, nextChange }) => {
        const answer = answers.get(person)
        return {
          id: person,
          label,
          colour,
          band: text(`organisations.band.${ageBand}`),
          decided: answer ? sayDecided(answer, language, text) : null,
          changed: answer?.answer === 'yes' && changed.has(person),
          grown:
            answer?.answer === 'yes' &&
            hasGrownSince({ band: ageBand, nextChange: startOf(nextChange) }, [policy], {
              since: startOf(answer.signed) ?? Infinity,
              now: now.getTime(),
            }),
          /** Who is so young decides by themselves only where it is written down that they understand it. */
          tooYoung:
            answer?.answer === 'yes' &&
            answer.byWhom === 'self' &&
            (reaches({ band: ageBand, nextChange: startOf(nextChange) }, Math.min(16, policy.decidesAt)) ??
              Infinity) > now.getTime(),
          unused:
            answer?.answer === 'yes' && answer.route !== null && widestOf(policy, answer.route) === null,
        }
      }),
  }
}

const startOf = (day: string | null): number | null => (day === null ? null : Date.parse(`${day}T00:00:00Z`))

const asTyped = (answer: PaperAnswer): [string, string][] => [
  [`answer-${answer.supported}`, answer.answer],
  [`byWhom-${answer.supported}`, answer.byWhom],
  [`signed-${answer.supported}`, answer.signed],
  [`ends-${answer.supported}`, answer.ends ?? ''],
]

const sayDecided = (answer: PaperAnswer, language: string, text: Text): string =>
  text('organisations.paper.decided', {
    way: answer.route === null ? 'none' : text(`organisations.way.${answer.route}`),
    who: text(`organisations.signer.${answer.byWhom}`),
    signed: sayDays(answer.signed, answer.signed, language),
    ends: answer.ends === null ? 'none' : sayDays(answer.ends, answer.ends, language),
  })

export const actions: Actions = {
  answers: act(
    answersForm,
    changePolicy(savePaperAnswers),
    ({ slug }, { params }) => `/desk/organisations/${slug}/forms/${params.form}?saved`,
  ),
  end: act(ofForm, changePolicy(endPaperForm), ({ slug }) => `/desk/organisations/${slug}/forms`),
}
