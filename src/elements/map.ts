/** `<abe-map source label words-open words-close words-failed words-inside words-zoom-in words-zoom-out>` around the drawn map: a button that brings the big one, which is fetched only then. */
export class SmallMap extends HTMLElement {
  connectedCallback() {
    if (this.querySelector('.map-actions')) return
    const frame = this.firstElementChild
    const actions = document.createElement('p')
    actions.className = 'map-actions'
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-secondary'
    button.textContent = this.getAttribute('words-open')
    const said = document.createElement('span')
    said.setAttribute('role', 'status')
    actions.append(button, ' ', said)
    this.append(actions)
    button.addEventListener('click', () => {
      button.setAttribute('aria-busy', 'true')
      said.textContent = ''
      const closed = () => {
        if (frame instanceof HTMLElement) frame.hidden = false
        actions.hidden = false
        button.focus()
      }
      import('#elements/big-map.ts')
        .then(async ({ openBigMap }) => {
          await openBigMap(this, closed)
          if (frame instanceof HTMLElement) frame.hidden = true
          actions.hidden = true
          return undefined
        })
        .catch((error: unknown) => {
          said.textContent = this.getAttribute('words-failed')
          console.error(error)
        })
        .finally(() => button.removeAttribute('aria-busy'))
    })
  }
}
