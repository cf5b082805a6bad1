import type { Cover } from '#kernel/pictures.ts'
import * as shapes from '#elements/photos/shapes.ts'

export type Words = (name: string, params?: Record<string, string | number>) => string

const svg = 'http://www.w3.org/2000/svg'
/** How far one press of a key or a button moves or stretches, in parts of the picture. */
const nudge = 0.02

type Point = { x: number; y: number }
type Press = { at: number | null; from: Point; last: Point }

/** A picture in a window of its own, on which parts are covered: by drawing with a finger or a mouse, with keys, or with large buttons. */
export class CoverEditor {
  readonly #dialog = document.createElement('dialog')
  readonly #layer = document.createElementNS(svg, 'svg')
  readonly #said = document.createElement('p')
  readonly #words: Words
  readonly #sides: { width: number; height: number }
  #drawing: shapes.Drawing
  #shape: Cover['shape'] = 'ellipse'
  #chosen: number | null = null
  #press: Press | null = null

  constructor(picture: ImageBitmap, covers: readonly Cover[], words: Words) {
    this.#words = words
    this.#sides = { width: picture.width, height: picture.height }
    this.#drawing = { covers: [...covers], before: [] }
    this.#dialog.className = 'cover-window'
    this.#dialog.setAttribute('aria-label', words('cover-title'))
    this.#said.setAttribute('role', 'status')
    this.#said.className = 'cover-said'
    this.#dialog.append(this.#help(), this.#stage(picture), this.#said, this.#tools())
    this.#draw()
  }

  /** Shows the window; answers the covers, or null when it was left without. */
  open(): Promise<Cover[] | null> {
    document.body.append(this.#dialog)
    this.#dialog.showModal()
    return new Promise((done) => {
      this.#dialog.addEventListener('close', () => {
        this.#dialog.remove()
        done(this.#dialog.returnValue === 'done' ? this.#drawing.covers : null)
      })
    })
  }

  #help(): HTMLElement {
    const help = document.createElement('p')
    help.textContent = this.#words('cover-help')
    return help
  }

  #stage(picture: ImageBitmap): HTMLElement {
    const stage = document.createElement('div')
    stage.className = 'cover-stage'
    const canvas = document.createElement('canvas')
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height))
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', this.#words('cover-picture'))
    this.#layer.setAttribute('viewBox', `0 0 ${this.#sides.width} ${this.#sides.height}`)
    this.#layer.setAttribute('preserveAspectRatio', 'none')
    this.#layer.addEventListener('pointerdown', (event) => this.#pressed(event))
    this.#layer.addEventListener('pointermove', (event) => this.#moved(event))
    this.#layer.addEventListener('pointerup', (event) => this.#let(event))
    this.#layer.addEventListener('pointercancel', () => (this.#press = null))
    this.#layer.addEventListener('keydown', (event) => this.#keyed(event))
    stage.append(canvas, this.#layer)
    return stage
  }

  #tools(): HTMLElement {
    const tools = document.createElement('div')
    tools.className = 'cover-tools'
    const button = (name: string, press: () => void, kind = 'secondary'): HTMLButtonElement => {
      const made = document.createElement('button')
      made.type = 'button'
      made.className = `button button-${kind}`
      made.textContent = this.#words(name)
      made.addEventListener('click', press)
      return made
    }
    const group = (label: string, ...buttons: HTMLButtonElement[]): HTMLElement => {
      const made = document.createElement('div')
      made.setAttribute('role', 'group')
      made.setAttribute('aria-label', this.#words(label))
      made.append(...buttons)
      return made
    }
    const by = (change: shapes.Change) => () => this.#change(change)
    tools.append(
      group(
        'cover-add',
        button('cover-round', () => this.#add('ellipse')),
        button('cover-square', () => this.#add('rectangle')),
      ),
      group(
        'cover-change',
        button('cover-left', by({ x: -nudge })),
        button('cover-right', by({ x: nudge })),
        button('cover-up', by({ y: -nudge })),
        button('cover-down', by({ y: nudge })),
        button('cover-wider', by({ w: nudge })),
        button('cover-narrower', by({ w: -nudge })),
        button('cover-taller', by({ h: nudge })),
        button('cover-flatter', by({ h: -nudge })),
        button('cover-remove', () => this.#remove()),
      ),
      group(
        'cover-end',
        button('cover-undo', () => this.#undo()),
        button('cover-done', () => this.#dialog.close('done'), 'primary'),
        button('cover-leave', () => this.#dialog.close(''), 'quiet'),
      ),
    )
    return tools
  }

  #pointOf(event: PointerEvent): Point {
    const box = this.#layer.getBoundingClientRect()
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height }
  }

  #pressed(event: PointerEvent) {
    if (event.button !== 0) return
    event.preventDefault()
    this.#layer.setPointerCapture(event.pointerId)
    const at =
      event.target instanceof Element
        ? Number(event.target.getAttribute('data-at') ?? Number.NaN)
        : Number.NaN
    const from = this.#pointOf(event)
    this.#press = { at: Number.isNaN(at) ? null : at, from, last: from }
    if (this.#press.at !== null) this.#choose(this.#press.at)
  }

  #moved(event: PointerEvent) {
    if (!this.#press) return
    this.#press.last = this.#pointOf(event)
    this.#draw(this.#preview())
  }

  /** What would be there if the finger were lifted now. */
  #preview(): shapes.Drawing {
    const { at, from, last } = this.#press ?? { at: null, from: { x: 0, y: 0 }, last: { x: 0, y: 0 } }
    if (at !== null) return shapes.change(this.#drawing, at, { x: last.x - from.x, y: last.y - from.y })
    const far = Math.hypot(last.x - from.x, last.y - from.y) > 0.01
    return far ? shapes.add(this.#drawing, shapes.between(this.#shape, from, last)) : this.#drawing
  }

  #let(event: PointerEvent) {
    if (!this.#press) return
    this.#press.last = this.#pointOf(event)
    const [next, drawn] = [this.#preview(), this.#press.at === null]
    this.#press = null
    if (next === this.#drawing) return
    this.#drawing = next
    this.#choose(drawn ? next.covers.length - 1 : (this.#chosen ?? 0))
  }

  #keyed(event: KeyboardEvent) {
    const keys: Record<string, shapes.Change> = {
      ArrowLeft: { x: -nudge },
      ArrowRight: { x: nudge },
      ArrowUp: { y: -nudge },
      ArrowDown: { y: nudge },
      '+': { w: nudge, h: nudge },
      '=': { w: nudge, h: nudge },
      '-': { w: -nudge, h: -nudge },
    }
    const by = keys[event.key]
    if (by) this.#change(by)
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#remove()
    else return
    event.preventDefault()
  }

  #add(shape: Cover['shape']) {
    this.#shape = shape
    this.#drawing = shapes.add(this.#drawing, shapes.inTheMiddle(shape, this.#sides))
    this.#choose(this.#drawing.covers.length - 1, true)
  }

  #change(by: shapes.Change) {
    if (this.#chosen === null) return
    this.#drawing = shapes.change(this.#drawing, this.#chosen, by)
    this.#choose(this.#chosen)
  }

  #remove() {
    if (this.#chosen === null) return
    this.#drawing = shapes.remove(this.#drawing, this.#chosen)
    this.#choose(this.#drawing.covers.length - 1)
  }

  #undo() {
    this.#drawing = shapes.undo(this.#drawing)
    this.#choose(this.#drawing.covers.length - 1)
  }

  #choose(at: number, focus = false) {
    const had = this.#layer.contains(document.activeElement)
    const cover = this.#drawing.covers[at]
    this.#chosen = cover ? at : null
    this.#draw()
    if (had || focus) this.#layer.querySelector<SVGElement>(`[data-at="${at}"]`)?.focus()
    this.#said.textContent = cover ? this.#sayOf(cover, at) : this.#words('cover-none')
  }

  #sayOf(cover: Cover, at: number): string {
    const count = this.#drawing.covers.length
    return this.#words('cover-said', { n: at + 1, count, ...shapes.placeOf(cover) })
  }

  #draw(drawing = this.#drawing) {
    const { width, height } = this.#sides
    const made = drawing.covers.map((cover, at) => {
      const round = cover.shape === 'ellipse'
      const element = document.createElementNS(svg, round ? 'ellipse' : 'rect')
      const [x, y, w, h] = [cover.x * width, cover.y * height, cover.w * width, cover.h * height]
      const numbers = round
        ? { cx: x + w / 2, cy: y + h / 2, rx: w / 2, ry: h / 2 }
        : { x, y, width: w, height: h }
      for (const [name, value] of Object.entries(numbers)) element.setAttribute(name, String(value))
      element.setAttribute('class', at === this.#chosen ? 'cover cover-chosen' : 'cover')
      element.setAttribute('data-at', String(at))
      element.setAttribute('tabindex', '0')
      element.setAttribute('role', 'button')
      element.setAttribute('aria-pressed', String(at === this.#chosen))
      element.setAttribute('aria-label', this.#sayOf(cover, at))
      element.addEventListener('focus', () => {
        if (this.#chosen !== at) this.#choose(at)
      })
      return element
    })
    this.#layer.replaceChildren(...made)
  }
}
