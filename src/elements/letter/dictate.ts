import { wordsHeard, type Heard } from '#elements/letter/heard.ts'
import { putIn } from '#elements/letter/starters.ts'

type Recognition = EventTarget & {
  lang: string
  continuous: boolean
  start: () => void
  stop: () => void
}
type Makes = new () => Recognition

/** Browsers name it in two ways; some have none. */
const recognition = (): Makes | undefined => {
  const known = window as unknown as { SpeechRecognition?: Makes; webkitSpeechRecognition?: Makes }
  return known.SpeechRecognition ?? known.webkitSpeechRecognition
}

/** `<abe-dictate for="id" label="Speak" stop="Stop" note="…" failed="…">`: a button that writes down what is said, where the browser can. The language is that chosen for the letter. */
export class Dictate extends HTMLElement {
  connectedCallback() {
    const Makes = recognition()
    if (!Makes || this.firstElementChild) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-secondary'
    const said = document.createElement('p')
    said.className = 'hint'
    said.setAttribute('role', 'status')
    said.textContent = this.getAttribute('note')
    const show = (label: string) => (button.textContent = this.getAttribute(label))
    let hears: Recognition | null = null
    show('label')
    button.addEventListener('click', () => {
      if (hears) return hears.stop()
      hears = new Makes()
      hears.lang = this.language()
      hears.continuous = true
      hears.addEventListener('result', (event) => this.write(event as unknown as Heard))
      hears.addEventListener('error', () => (said.textContent = this.getAttribute('failed')))
      hears.addEventListener('end', () => {
        hears = null
        show('label')
      })
      said.textContent = this.getAttribute('note')
      show('stop')
      hears.start()
    })
    this.append(button, said)
  }

  private language(): string {
    const chosen = document.querySelector<HTMLSelectElement>('select[name="language"]')
    return chosen?.value ?? document.documentElement.lang
  }

  private write(heard: Heard) {
    const box = document.getElementById(this.getAttribute('for') ?? '')
    const words = wordsHeard(heard)
    if (box instanceof HTMLTextAreaElement && words !== '') putIn(box, words, ' ')
  }
}
