/** `<abe-copy text="…" label="Copy" done="Copied">`: a button, where the browser has a clipboard. `from` names the id of an element instead of `text`; `html` is copied beside it, for programs that keep its look. */
export class Copy extends HTMLElement {
  connectedCallback() {
    if (!('clipboard' in navigator) || this.firstElementChild) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-secondary'
    button.textContent = this.getAttribute('label')
    const said = document.createElement('span')
    said.setAttribute('role', 'status')
    button.addEventListener('click', () => {
      this.copy().then(
        () => (said.textContent = this.getAttribute('done')),
        () => (said.textContent = this.getAttribute('failed')),
      )
    })
    this.append(button, ' ', said)
  }

  private copy() {
    const html = this.getAttribute('html')
    if (html === null || !('ClipboardItem' in window)) return navigator.clipboard.writeText(this.words())
    const part = (words: string, type: string) => new Blob([words], { type })
    return navigator.clipboard.write([
      new ClipboardItem({
        'text/html': part(html, 'text/html'),
        'text/plain': part(this.words(), 'text/plain'),
      }),
    ])
  }

  private words() {
    const source = document.getElementById(this.getAttribute('from') ?? '')
    if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) return source.value
    return source?.textContent?.trim() ?? this.getAttribute('text') ?? ''
  }
}
