import { mostBytes, mostFiles, type Cover } from '#kernel/pictures.ts'
import { Fresh } from '#elements/fresh.ts'
import { burn, openPicture, small } from '#elements/photos/burn.ts'
import { CoverEditor, type Words } from '#elements/photos/cover-editor.ts'
import { rememberName, storeOfTab } from '#elements/photos/names.ts'
import { numberEach } from '#elements/photos/number.ts'
import { fingerprintOf, storeOfBrowser, Unfinished } from '#elements/photos/resume.ts'
import { pauseSeconds, Refused, sendFile } from '#elements/photos/tus.ts'
import { inTurn, type Turn } from '#elements/photos/turns.ts'

/** How many are sent at the same time. */
const atOnce = 2

type Picture = {
  file: File
  covers: Cover[]
  item: HTMLLIElement
  said: HTMLElement
  bar: HTMLProgressElement
  buttons: HTMLElement
  state: 'chosen' | 'sending' | 'sent' | 'refused'
  turn?: Turn
}

/** Ends after some seconds, or as soon as there is a line again. */
const pause = (times: number): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(end, pauseSeconds(times) * 1000)
    function end() {
      clearTimeout(timer)
      removeEventListener('online', end)
      done()
    }
    addEventListener('online', end)
  })

/**
 * `<abe-photos words='{…}'>` around a plain form to /upload/form: shows what was chosen, lets parts be covered before anything
 * is sent, sends several at once, goes on after the line was cut, and after the browser was closed once the same files are
 * chosen again (it remembers where they were going, never the files). Then goes to where the form would have gone.
 */
export class Photos extends HTMLElement {
  #pictures: Picture[] = []
  #unfinished = new Unfinished(storeOfBrowser())
  #list = document.createElement('ul')
  #said = document.createElement('p')
  #stop = new AbortController()
  #words: Words = () => ''

  connectedCallback() {
    const form = this.querySelector('form')
    const input = form?.querySelector<HTMLInputElement>('input[type=file]')
    if (!form || !input || this.#list.isConnected) return
    const words = JSON.parse(this.getAttribute('words') ?? '{}') as Record<string, string>
    this.#words = (name, params = {}) =>
      (words[name] ?? '').replace(/\{(\w+)\}/g, (_, key: string) => String(params[key] ?? ''))
    this.#list.className = 'photo-list'
    this.#said.setAttribute('role', 'status')
    input.closest('.field')?.after(this.#list, this.#said)
    if (!this.#list.isConnected) input.after(this.#list, this.#said)
    input.addEventListener('change', () => {
      for (const file of input.files ?? []) this.#choose(form, file)
      input.value = ''
    })
    form.addEventListener('submit', (event) => {
      if (this.#pictures.length === 0) return
      event.preventDefault()
      void this.#sendAll(form)
    })
    addEventListener('beforeunload', (event) => {
      if (this.#pictures.some((one) => one.state === 'sending')) event.preventDefault()
    })
    const left = this.#unfinished.all(this.#surface(form), Date.now()).length
    if (left > 0) this.#said.textContent = this.#words(left === 1 ? 'left-one' : 'left-many', { count: left })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  #pass(form: HTMLFormElement): string {
    return form.querySelector<HTMLInputElement>('input[name=pass]')?.value ?? ''
  }

  #surface(form: HTMLFormElement): string {
    return this.#pass(form).split('.')[0] ?? ''
  }

  #choose(form: HTMLFormElement, file: File) {
    if (this.#pictures.length >= mostFiles) {
      this.#said.textContent = this.#words('too-many', { most: mostFiles })
      return
    }
    const [item, said, bar, buttons] = [
      document.createElement('li'),
      document.createElement('span'),
      document.createElement('progress'),
      document.createElement('span'),
    ]
    const name = document.createElement('span')
    name.className = 'photo-name'
    name.textContent = file.name
    const picture: Picture = { file, covers: [], item, said, bar, buttons, state: 'chosen' }
    bar.max = 1
    bar.value = 0
    bar.hidden = true
    bar.setAttribute('aria-label', file.name)
    said.setAttribute('role', 'status')
    buttons.className = 'photo-buttons'
    item.append(name, said, bar, buttons)
    this.#list.append(item)
    this.#pictures.push(picture)
    numberEach(this.#pictures, this.#words)
    if (file.size === 0) {
      this.#refuse(picture, this.#words('empty'))
      return
    }
    if (file.size > mostBytes) {
      this.#refuse(picture, this.#words('too-large', { most: mostBytes / 1024 / 1024 }))
      return
    }
    this.#button(picture, 'cover', () => void this.#cover(picture))
    this.#button(picture, 'leave-out', () => this.#leaveOut(picture))
    void this.#recall(form, picture)
  }

  #button(picture: Picture, name: string, press: () => void) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-quiet'
    button.textContent = this.#words(name)
    button.setAttribute('aria-label', `${this.#words(name)}: ${picture.file.name}`)
    button.addEventListener('click', press)
    picture.buttons.append(button)
  }

  #refuse(picture: Picture, words: string) {
    picture.state = 'refused'
    picture.said.textContent = words || this.#words('failed')
    picture.item.classList.add('photo-refused')
    picture.bar.hidden = true
    picture.buttons.replaceChildren()
    this.#button(picture, 'leave-out', () => this.#leaveOut(picture))
  }

  #leaveOut(picture: Picture) {
    const after = picture.item.nextElementSibling ?? picture.item.previousElementSibling
    picture.item.remove()
    this.#pictures = this.#pictures.filter((one) => one !== picture)
    numberEach(this.#pictures, this.#words)
    const next = after?.querySelector('button') ?? this.querySelector('input[type=file]')
    if (next instanceof HTMLElement) next.focus()
  }

  /** Covers a picture as it was before the browser was closed, and shows it. */
  async #recall(form: HTMLFormElement, picture: Picture) {
    const source = await fingerprintOf(picture.file)
    const begun = this.#unfinished
      .all(this.#surface(form), Date.now())
      .find(([, one]) => one.source === source)
    if (begun) this.#setCovers(picture, begun[1].covers)
    await this.#show(picture)
  }

  #setCovers(picture: Picture, covers: Cover[]) {
    picture.covers = covers
    picture.said.textContent = covers.length > 0 ? this.#words('covered', { count: covers.length }) : ''
  }

  /** Gives up what was begun of the same file with other covers: what was to be covered is not left lying half sent. */
  async #giveUpOthers(surface: string, source: string, fingerprint: string) {
    for (const [other, begun] of this.#unfinished.all(surface, Date.now())) {
      if (begun.source !== source || other === fingerprint) continue
      // Where nobody answers, the server forgets by itself what is not sent on.
      await fetch(begun.address, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }).catch(
        () => null,
      )
      this.#unfinished.forget(other)
    }
  }

  /** Shows a picture small, with what covers it; a browser that cannot open it shows its name. */
  async #show(picture: Picture) {
    const opened = await openPicture(picture.file)
    picture.item.querySelector('canvas')?.remove()
    if (!opened) return
    const canvas = small(opened, picture.covers)
    canvas.setAttribute('aria-hidden', 'true')
    picture.item.prepend(canvas)
    opened.close()
  }

  async #cover(picture: Picture) {
    const opened = await openPicture(picture.file)
    if (!opened) {
      picture.said.textContent = this.#words('cannot-open')
      return
    }
    const covers = await new CoverEditor(opened, picture.covers, this.#words).open()
    opened.close()
    picture.buttons.querySelector('button')?.focus()
    if (!covers) return
    this.#setCovers(picture, covers)
    await this.#show(picture)
  }

  async #sendAll(form: HTMLFormElement) {
    const waiting = this.#pictures.filter((one) => one.state === 'chosen')
    const button = form.querySelector<HTMLButtonElement>('button:not([type=button])')
    if (waiting.length === 0 || button?.disabled) return
    if (button) button.disabled = true
    const turns = inTurn(waiting.length)
    for (const picture of waiting) Object.assign(picture, { state: 'sending', turn: turns.shift() })
    const next = async (): Promise<void> => {
      for (let one = waiting.shift(); one; one = waiting.shift()) await this.#sendOne(form, one)
    }
    await Promise.all(Array.from({ length: atOnce }, next))
    if (button) button.disabled = false
    const refused = this.#pictures.filter((one) => one.state === 'refused').length
    const sent = this.#pictures.filter((one) => one.state === 'sent').length
    this.#said.textContent = this.#words('finished', { sent, refused })
    const back = this.#backTo(form, sent)
    if (refused === 0) location.assign(back)
    else if (sent > 0) this.#said.append(' ', this.#link(back))
  }

  /** Where the form would have gone, with what was received. */
  #backTo(form: HTMLFormElement, sent: number): URL {
    const back = form.querySelector<HTMLInputElement>('input[name=return]')?.value ?? ''
    const url = new URL(back, location.href)
    url.searchParams.set('received', String(sent))
    url.searchParams.set('refused', '0')
    return url.origin === location.origin ? url : new URL(location.href)
  }

  #link(to: URL): HTMLAnchorElement {
    const link = document.createElement('a')
    link.href = to.href
    link.textContent = this.#words('go-on')
    return link
  }

  async #sendOne(form: HTMLFormElement, picture: Picture) {
    picture.buttons.replaceChildren()
    picture.bar.hidden = false
    picture.said.textContent = this.#words('sending')
    let fingerprint = ''
    try {
      const file = await this.#withCovers(picture)
      fingerprint = await fingerprintOf(file)
      await picture.turn?.wait
      await this.#sendFile(form, picture, file, fingerprint)
      picture.state = 'sent'
      picture.said.textContent = this.#words('sent')
    } catch (error) {
      if (this.#stop.signal.aborted) return
      this.#refuse(picture, error instanceof Refused ? error.message : '')
      if (!(error instanceof Refused)) reportError(error)
    }
    picture.turn?.begun()
    this.#unfinished.forget(fingerprint)
  }

  async #sendFile(form: HTMLFormElement, picture: Picture, file: Blob, fingerprint: string) {
    const surface = this.#surface(form)
    const source = await fingerprintOf(picture.file)
    await this.#giveUpOthers(surface, source, fingerprint)
    const begun = this.#unfinished.find(fingerprint, surface, Date.now())
    if (begun) picture.turn?.begun()
    const { covers } = picture
    const id = await sendFile(file, {
      endpoint: new URL('/upload', location.href).href,
      pass: this.#pass(form),
      address: begun?.address ?? null,
      began: (address) => {
        picture.turn?.begun()
        this.#unfinished.keep(fingerprint, { address, surface, source, covers, began: Date.now() })
      },
      progress: (sent) => (picture.bar.value = sent / file.size),
      waiting: (waits) => (picture.said.textContent = this.#words(waits ? 'waiting' : 'sending')),
      pause,
      signal: this.#stop.signal,
    })
    if (id !== null) rememberName(storeOfTab(), id, picture.file.name)
  }

  async #withCovers(picture: Picture): Promise<Blob> {
    if (picture.covers.length === 0) return picture.file
    const opened = await openPicture(picture.file)
    if (!opened) throw new Refused(this.#words('cannot-open'))
    try {
      return await burn(opened, picture.covers)
    } finally {
      opened.close()
    }
  }
}
customElements.define('abe-photos', Photos)
customElements.define('abe-fresh', Fresh)
