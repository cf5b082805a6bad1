import { textIn, type Language } from '#kernel/messages.ts'
import { changeFields, type LeftOut } from '#letters/directory.ts'

/** Answers what a field of a row is called in words. */
export function nameOfField(field: string, language: Language): string {
  const known = changeFields.find((one) => one === field)
  return known === undefined ? field : textIn(language)(`directory.field.${known}`)
}

/** Answers what a reason is filled with, a field by its name in words. */
export const sayField = (params: LeftOut['params'], language: Language): LeftOut['params'] =>
  typeof params['field'] === 'string' ? { ...params, field: nameOfField(params['field'], language) } : params
