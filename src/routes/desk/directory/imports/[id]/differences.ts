import { textIn } from '#kernel/messages.ts'
import { nations } from '#kernel/permission-words.ts'
import { sayDay } from '#kernel/times.ts'
import { classifications, contactTypes } from '#letters/directory.ts'
import { nameOfField } from '#letters/say-field.ts'
import { keyFields, type Fields } from '#letters/server/reads/directory.ts'

type Saying = { names: ReadonlyMap<string, string>; language: App.Locals['language'] }

/** Answers the fields that differ, each with its name in words, as it was and as it will be. */
export const differencesIn = (before: Fields | null, after: Fields, saying: Saying) =>
  [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])]
    .filter((field) => before?.[field] !== after[field])
    .map((field) => ({
      field: nameOfField(field, saying.language),
      before: valueOf(field, before?.[field] ?? '', saying),
      after: valueOf(field, after[field] ?? '', saying),
    }))

function valueOf(field: string, value: string, { names, language }: Saying): string {
  const text = textIn(language)
  if (keyFields.includes(field)) return names.get(value) ?? value
  if (field === 'classification') {
    const known = classifications.find((one) => one === value)
    return known === undefined ? value : text(`directory.classification.${known}`)
  }
  if (field === 'type') {
    const known = contactTypes.find((one) => one === value)
    return known === undefined ? value : text(`directory.type.${known}`)
  }
  if (field === 'nation') {
    const known = nations.find((one) => one === value)
    return known === undefined ? value : text(`organisations.place.${known}`)
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? sayDay(value, language, true) : value
}
