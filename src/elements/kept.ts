import type { DraftField } from '#elements/drafts.ts'

/** Answers the store of this browser, or null where it is switched off. */
export function store(): Storage | null {
  try {
    return window.localStorage
  } catch {
    // A browser in which it is switched off throws.
    return null
  }
}

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** Answers the controls of a form that hold something. */
export const controlsOf = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter(
    (element): element is Control =>
      element instanceof HTMLInputElement ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement,
  )

export const fieldOf = (control: Control): DraftField => ({
  name: control.name,
  type: control.type,
  value: control.value,
  checked: control instanceof HTMLInputElement && control.checked,
})

/** Puts what was kept into a control. */
export function put(control: Control, values: readonly string[]): void {
  if (control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio'))
    control.checked = values.includes(control.value)
  else if (values[0] !== undefined) control.value = values[0]
}

/** Answers all that stands in controls, to see whether something changed. */
export const stateOf = (controls: readonly Control[]): string =>
  controls.map((control) => `${control.value} ${fieldOf(control).checked}`).join()
