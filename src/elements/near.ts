/**
 * `<abe-near label="Use where I am" failed="…" into="near">` inside a form: asks the browser where it is, only when pressed,
 * and writes "lat,lon" (to about a kilometre) into the field of that name; with `send` the form goes off.
 */
export class Near extends HTMLElement {
  connectedCallback() {
    if (!('geolocation' in navigator) || this.firstElementChild) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-secondary'
    button.textContent = this.getAttribute('label')
    const said = document.createElement('span')
    said.setAttribute('role', 'status')
    button.addEventListener('click', () => {
      said.textContent = this.getAttribute('busy')
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          said.textContent = this.getAttribute('done')
          this.fill(coords.latitude, coords.longitude)
        },
        () => (said.textContent = this.getAttribute('failed')),
        { timeout: 10_000, maximumAge: 600_000 },
      )
    })
    this.append(button, ' ', said)
  }

  private fill(lat: number, lon: number) {
    const form = this.closest('form')
    if (!form) return
    const name = this.getAttribute('into') ?? 'near'
    const known = form.elements.namedItem(name)
    const field = known instanceof HTMLInputElement ? known : document.createElement('input')
    if (!(known instanceof HTMLInputElement)) {
      field.type = 'hidden'
      field.name = name
      form.append(field)
    }
    field.value = `${lat.toFixed(2)},${lon.toFixed(2)}`
    if (this.hasAttribute('send')) form.requestSubmit()
  }
}
