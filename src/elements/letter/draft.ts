import { draftFrom, draftOf, mayKeep } from '#elements/drafts.ts'
import { controlsOf, fieldOf, put, stateOf, store } from '#elements/kept.ts'

const prefix = 'abe-letter '

/** Enter in a line of the form goes on with the letter; only where somebody is looked for, it looks for them, as the first button does. */
function goOn(event: KeyboardEvent) {
  const field = event.target
  if (event.key !== 'Enter' || event.isComposing || !(field instanceof HTMLInputElement)) return
  if (field.type === 'search') return
  event.preventDefault()
  field.form?.requestSubmit([...field.form.querySelectorAll('button')].at(-1))
}

/**
 * `<abe-letter name="…">` around a form keeps a letter in this browser while it is written, for 30 days, and never sends it.
 * `carries`: the page holds the words already, so they are kept under this name and no longer under `after`.
 * `quiet`: what the server sent stays as it is; `fresh` names the fields of which that is so. `forget` names a button that erases what is kept.
 */
export class LetterDraft extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form')
    form?.addEventListener('keydown', goOn)
    const kept = store()
    if (!form || !kept) return
    const key = prefix + (this.getAttribute('name') ?? '')
    const after = this.getAttribute('after')
    const keep = () =>
      kept.setItem(key, JSON.stringify(draftOf(controlsOf(form).map(fieldOf), false, Date.now())))
    if (this.hasAttribute('carries')) keep()
    // Words that are kept by the site, or under the letter's own name, are not kept twice.
    if (after !== null && (this.hasAttribute('carries') || this.hasAttribute('quiet')))
      kept.removeItem(prefix + after)
    if (!this.hasAttribute('carries') && !this.hasAttribute('quiet')) this.restore(form, key, kept)
    if (after === null || !this.hasAttribute('quiet')) form.addEventListener('input', keep)
  }

  private restore(form: HTMLFormElement, key: string, kept: Storage) {
    const draft = draftFrom(kept.getItem(key), Date.now())
    if (!draft) return
    const fresh = new Set((this.getAttribute('fresh') ?? '').split(' '))
    const controls = controlsOf(form).filter((control) => !fresh.has(control.name))
    const before = stateOf(controls)
    for (const control of controls) {
      const values = draft.values[control.name]
      if (values && mayKeep(fieldOf(control), false)) put(control, values)
    }
    if (stateOf(controls) !== before) this.say(form, () => kept.removeItem(key))
  }

  private say(form: HTMLFormElement, forget: () => void) {
    const note = document.createElement('p')
    note.className = 'draft-note'
    note.append(this.getAttribute('restored') ?? '')
    const label = this.getAttribute('forget')
    if (label !== null) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'button button-quiet'
      button.textContent = label
      button.addEventListener('click', () => {
        forget()
        form.reset()
        note.remove()
      })
      note.append(' ', button)
    }
    this.prepend(note)
  }
}

/** `<abe-letter-forget name="…" label="…" done="…">`: a button that erases what this browser keeps of a letter. Nothing where nothing is kept. */
export class Forget extends HTMLElement {
  connectedCallback() {
    const kept = store()
    const key = prefix + (this.getAttribute('name') ?? '')
    if (!kept || kept.getItem(key) === null || this.firstElementChild) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-secondary'
    button.textContent = this.getAttribute('label')
    const said = document.createElement('span')
    said.setAttribute('role', 'status')
    button.addEventListener('click', () => {
      kept.removeItem(key)
      button.remove()
      said.textContent = this.getAttribute('done')
    })
    this.append(button, said)
  }
}
