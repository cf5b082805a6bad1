/** `<abe-read from="id" label="Hear it" stop="Stop">`: a button that reads an element's words aloud with the browser's own voice, in the language they are marked with. Nothing where the browser has none. */
export class ReadAloud extends HTMLElement {
  connectedCallback() {
    if (!('speechSynthesis' in window) || this.firstElementChild) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-secondary'
    const say = (label: string) => (button.textContent = this.getAttribute(label))
    say('label')
    button.addEventListener('click', () => {
      if (speechSynthesis.speaking) return speechSynthesis.cancel()
      const source = document.getElementById(this.getAttribute('from') ?? '')
      const spoken = new SpeechSynthesisUtterance(wordsOf(source))
      spoken.lang = source?.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.lang
      spoken.rate = 0.85
      for (const event of ['end', 'error']) spoken.addEventListener(event, () => say('label'))
      say('stop')
      speechSynthesis.speak(spoken)
    })
    this.append(button)
  }

  disconnectedCallback() {
    if ('speechSynthesis' in window) speechSynthesis.cancel()
  }
}

/** The words of an element, with those that stand for its pictures. */
function wordsOf(source: HTMLElement | null): string {
  if (!source) return ''
  const pictures = [...source.querySelectorAll('img')].map((picture) => picture.alt).filter(Boolean)
  return [...pictures, source.innerText].join('. ')
}
