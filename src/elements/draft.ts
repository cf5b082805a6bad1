import { arrived, draftFrom, draftOf, mayKeep, type Draft as Kept } from '#elements/drafts.ts'
import { controlsOf, fieldOf, put, stateOf, store, type Control } from '#elements/kept.ts'

const prefix = 'abe-draft '

/**
 * `<abe-draft name="…" restored="…" forget="…">` around a form keeps what is typed on this device until it has been sent.
 * A form that came back with errors has its words from the server and is left alone. `email` keeps addresses too.
 */
export class Draft extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form')
    const kept = store()
    if (!form || !kept) return
    const key = prefix + (this.getAttribute('name') ?? location.pathname)
    const email = this.hasAttribute('email')
    const controls = () => controlsOf(form)
    const draft = draftFrom(kept.getItem(key), Date.now())
    if (draft && !document.querySelector('.error-summary'))
      this.restore(form, controls(), draft, () => kept.removeItem(key))
    const keep = (sent: boolean) => {
      const now: Kept = { ...draftOf(controls().map(fieldOf), email, Date.now()), sent }
      kept.setItem(key, JSON.stringify(now))
    }
    form.addEventListener('input', () => keep(false))
    form.addEventListener('submit', () => keep(true))
  }

  private restore(form: HTMLFormElement, controls: Control[], draft: Kept, forget: () => void) {
    const email = this.hasAttribute('email')
    const before = stateOf(controls)
    for (const control of controls) {
      const values = draft.values[control.name]
      if (values && mayKeep(control, email)) put(control, values)
    }
    if (stateOf(controls) === before) return
    const note = document.createElement('p')
    note.className = 'draft-note'
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-quiet'
    button.textContent = this.getAttribute('forget')
    button.addEventListener('click', () => {
      forget()
      form.reset()
      note.remove()
    })
    note.append(this.getAttribute('restored') ?? '', ' ', button)
    this.prepend(note)
  }
}

/** Forgets drafts whose form went off and is not on this page any more: it arrived. */
export function forgetArrived() {
  const kept = store()
  if (!kept) return
  const here = [...document.querySelectorAll('abe-draft')].map(
    (element) => prefix + (element.getAttribute('name') ?? location.pathname),
  )
  for (const key of Object.keys(kept).filter((known) => known.startsWith(prefix))) {
    const draft = draftFrom(kept.getItem(key), Date.now())
    if (!draft || arrived(draft, key, here)) kept.removeItem(key)
  }
}
