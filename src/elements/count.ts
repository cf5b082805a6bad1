/** From which part of its most on a field says how much is left. */
const nearly = 0.9
/** Milliseconds without a key until it is said, so that nobody who listens hears every letter. */
const pause = 600

/** Answers what a field of so many characters says: nothing while there is much room. */
export function countOf(length: number, most: number): { says: 'left' | 'over'; count: number } | null {
  if (length > most) return { says: 'over', count: length - most }
  return length >= most * nearly ? { says: 'left', count: most - length } : null
}

/** `<abe-count for="id" most="5000" left="Left: {count}" over="Too many: {count}">` says under a text field how many characters fit still, once they become few, and how many are too many. */
export class Count extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.getAttribute('for') ?? '')
    if (!(field instanceof HTMLTextAreaElement)) return
    this.setAttribute('role', 'status')
    let waits = 0
    const say = () => {
      const found = countOf(field.value.length, Number(this.getAttribute('most')))
      const number = found?.count.toLocaleString(document.documentElement.lang)
      this.textContent = found && (this.getAttribute(found.says) ?? '').replace('{count}', number ?? '')
    }
    field.addEventListener('input', () => {
      clearTimeout(waits)
      waits = window.setTimeout(say, pause)
    })
    say()
  }
}
