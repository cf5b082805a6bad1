/** Puts words where the cursor stands in a box, after `gap` when other words stand before it, and goes on from there. */
export function putIn(box: HTMLTextAreaElement, words: string, gap: string): void {
  const [before, after] = [box.value.slice(0, box.selectionStart), box.value.slice(box.selectionEnd)]
  const start = `${before}${before === '' || /\s$/.test(before) ? '' : gap}${words} `
  box.value = start + after
  box.focus()
  box.setSelectionRange(start.length, start.length)
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

/** `<abe-starters for="id" put="Put in: …">` around beginnings of sentences: each becomes a button that puts itself into the box. */
export class Starters extends HTMLElement {
  connectedCallback() {
    for (const item of this.querySelectorAll('[data-starter]')) {
      if (item.firstElementChild) continue
      const words = item.textContent?.trim() ?? ''
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'button button-quiet'
      button.textContent = words
      button.title = this.getAttribute('put') ?? ''
      button.addEventListener('click', () => {
        // The box may come later in the page than the beginnings.
        const box = document.getElementById(this.getAttribute('for') ?? '')
        if (box instanceof HTMLTextAreaElement) putIn(box, words, '\n\n')
      })
      item.replaceChildren(button)
    }
  }
}
