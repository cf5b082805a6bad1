import {
  box,
  circle,
  oval,
  place,
  ring,
  shape,
  stroke,
  type Cloth,
  type Colour,
  type Point,
} from '#ui/drawings/paint.ts'

/** Every thing stands on 0, 0: its middle, on the ground. */
const at =
  (pieces: string) =>
  (point: Point, scale = 1, how: { turn?: number; mirror?: boolean } = {}) =>
    place(pieces, point, scale, how)

export const wall = (colour: Colour = 'wall') => box([0, 0], [320, 200], colour, 0)
export const floor = (colour: Colour = 'ground', y = 160) => box([0, y], [320, 200 - y], colour, 0)
export const hills = (colour: Colour = 'ground') => shape('M0 156Q70 132 160 150T320 142V200H0z', colour)
export const glow = ([x, y]: Point, r: number, colour: Colour = 'soft') => circle(x, y, r, colour)

export const cup = (colour: Colour = 'extra') =>
  at(
    ring([10, -10], 5.5, colour, 3.5) +
      shape('M-10-20H10V-6Q10 0 4 0H-4Q-10 0-10-6z', colour) +
      stroke('M-3-26q-4-5 0-9M4-26q4-5 0-9', 'line', 1.8),
  )
export const table = (width: number, colour: Colour = 'wood') =>
  at(
    stroke(`M${-width * 0.36} 0V-34M${width * 0.36} 0V-34`, colour, 6) +
      box([-width / 2, -42], [width, 9], colour, 4),
  )
export const windowPane = at(
  box([-34, -44], [68, 88], 'white', 6) +
    box([-29, -39], [58, 78], 'cool', 3) +
    circle(10, -18, 10, 'extra') +
    shape('M-29 39V18Q-6 0 8 18T29 12V39z', 'moss') +
    stroke('M0-40V40M-30 0H30', 'white', 4),
)
export const plant = at(
  stroke('M0-16V-46M0-30Q-16-32-18-46M0-36Q14-38 18-54', 'moss-deep', 4) +
    oval([-18, -48], [7, 11], 'moss', -24) +
    oval([19, -56], [7, 12], 'moss', 22) +
    oval([0, -56], [7, 13], 'moss-deep') +
    shape('M-15-20H15L11 0H-11z', 'coral-deep'),
)
export const tree = (crown: Colour = 'moss') =>
  at(
    stroke('M0 0V-56M0-34L16-50', 'wood', 9) +
      circle(0, -76, 30, crown) +
      circle(22, -62, 19, crown) +
      circle(-22, -62, 19, crown),
  )
export const bunting = (y: number) =>
  stroke(`M-4 ${y}Q160 ${y + 34} 324 ${y}`, 'line', 2) +
  ([20, 64, 108, 152, 196, 240, 284] as const)
    .map((x, index) => {
      const top = y + 34 * (1 - ((x + 12 - 160) / 164) ** 2) * 0.5
      const colours: Colour[] = ['coral', 'teal', 'plum', 'moss']
      return shape(`M${x} ${top}H${x + 24}L${x + 12} ${top + 24}z`, colours[index % 4] ?? 'teal')
    })
    .join('')

/** Two small faces and the echo between them: the picture inside pictures. */
export const pair = (one: Colour = 'skin-3', other: Colour = 'skin-1', size = 1) =>
  at(
    place(
      shape('M-44 24q0-24 20-24t20 24z', 'plum') +
        circle(-24, -14, 13, one) +
        shape('M10 24q0-20 17-20t17 20z', 'teal') +
        circle(27, -6, 11, other) +
        stroke('M-7-22q6 10 0 20', 'face', 4) +
        stroke('M9-14q-4 6 0 13', 'answer', 4),
      [0, 0],
      size,
    ),
  )
const faces = place(
  circle(-26, -4, 17, 'skin-4') +
    shape('M-52 40q0-28 26-28t26 28z', 'coral') +
    circle(33, 4, 13, 'skin-1') +
    shape('M13 40q0-22 20-22t20 22z', 'sky') +
    stroke('M-3-16q8 12 0 24', 'white', 4.5) +
    stroke('M14-6q-5 8 0 16', 'extra', 4.5),
  [0, 0],
)
export const film = at(faces)
export const envelope = (stamp: Colour = 'extra') =>
  at(
    box([-44, -58], [88, 58], 'white', 5) +
      stroke('M-42-54L0-24L42-54', 'face', 3.5) +
      box([20, -24], [16, 18], stamp, 2),
  )
export const postBox = at(
  box([-22, -84], [44, 84], 'coral-deep', 6) +
    shape('M-26-80Q-26-104 0-104T26-80z', 'coral') +
    box([-14, -68], [28, 6], 'screen', 3) +
    box([-12, -50], [24, 16], 'white', 2) +
    box([-26, -6], [52, 6], 'line', 3),
)
export const phone = at(box([-15, -26], [30, 52], 'screen', 5) + box([-12, -21], [24, 40], 'cool', 2))
export const tablet = at(
  box([-22, -16], [44, 32], 'screen', 4) +
    (
      [
        [-18, -12],
        [-6, -12],
        [6, -12],
        [-18, 1],
        [-6, 1],
        [6, 1],
      ] as const
    )
      .map((corner, index) =>
        box(
          corner,
          [10, 10],
          (['extra', 'coral', 'sky', 'moss', 'white', 'plum'] as const)[index] ?? 'white',
          2,
        ),
      )
      .join(''),
)
export const laptop = at(
  shape('M-32-40H32L28-2H-28z', 'screen') +
    box([-40, -4], [80, 6], 'line', 3) +
    stroke('M-18-29H10M-18-21H16M-18-13H2', 'extra', 3),
)
export const board = (inside: string) =>
  at(
    stroke('M-30 0L-18-40M30 0L18-40', 'wood', 5) +
      box([-46, -110], [92, 78], 'white', 5) +
      box([-50, -116], [100, 9], 'wood', 4) +
      place(inside, [0, -70]),
  )
export const poster = (ground: Colour, one: Colour, other: Colour) =>
  at(
    box([-26, -36], [52, 72], ground, 3) +
      pair(one, other, 0.5)([0, -6]) +
      stroke('M-16 18H16M-16 26H6', 'white', 3.5) +
      circle(0, -33, 2.5, 'line'),
  )
export const microphone = at(
  box([-13, -66], [26, 44], 'screen', 13) +
    stroke('M-8-54H8M-8-46H8M-8-38H8', 'white', 2) +
    stroke('M-20-38Q-20-14 0-14T20-38M0-14V0M-14 0H14', 'line', 4.5),
)
export const door = at(
  box([-32, -126], [64, 126], 'white', 4) +
    box([-26, -120], [52, 120], 'teal', 2) +
    circle(17, -58, 3.5, 'extra'),
)
export const sofa = (colour: Cloth = 'plum') =>
  at(
    box([-84, -62], [168, 56], colour, 18) +
      box([-94, -44], [28, 44], `${colour}-deep`, 12) +
      box([66, -44], [28, 44], `${colour}-deep`, 12) +
      box([-70, -28], [140, 24], `${colour}-deep`, 10),
  )
export const bench = at(
  stroke('M-56 0V-30M56 0V-30', 'line', 5) +
    box([-72, -36], [144, 9], 'wood', 4) +
    box([-72, -64], [144, 8], 'wood', 4) +
    stroke('M-60-34V-66M60-34V-66', 'line', 5),
)
export const lamp = at(stroke('M0 0V-92M-16 0H16', 'line', 4) + shape('M-24-88L-14-118H14L24-88z', 'extra'))
export const picture = (ground: Colour) =>
  at(box([-22, -17], [44, 34], 'white', 3) + box([-18, -13], [36, 26], ground, 1) + circle(6, -4, 5, 'white'))

export const drum = (colour: Cloth = 'coral') =>
  at(
    shape('M-26-30L-20 0H20L26-30z', colour) +
      oval([0, -31], [27, 8], 'white') +
      stroke('M-24-27L-12-2L0-24L12-2L24-27', 'extra', 2.5),
  )
export const ball = (colour: Colour = 'coral', r = 18) =>
  at(
    circle(0, -r, r, colour) +
      stroke(`M${-r + 2} ${-r}Q0 ${-r * 1.6} ${r - 2} ${-r}`, 'white', 3) +
      stroke(`M0-2Q${-r * 0.6} ${-r} 0 ${-2 * r + 2}`, 'white', 3),
  )
export const blanket = (width: number, colour: Cloth = 'sky') =>
  at(
    oval([0, 0], [width / 2, 17], colour) +
      stroke(
        `M${-width * 0.36} 2Q0 13 ${width * 0.36} 2M${-width * 0.3}-6Q0 3 ${width * 0.3}-6`,
        `${colour}-deep`,
        3,
      ),
  )
export const bird = at(
  shape('M-12 0Q-12-13 2-13 10-13 12-6L19-4L12-1Q8 6-2 6-10 6-12 0L-22-7z', 'teal') +
    circle(6, -7, 1.8, 'white') +
    stroke('M-2 6V13M3 6V13', 'line', 2),
)
export const dog = at(
  shape('M-34 0V-22Q-34-34-20-34H12L16-48Q22-58 34-52L46-44Q48-34 38-34L26-32V0H17V-14H-22V0z', 'wood') +
    shape('M18-50Q8-48 12-32Q20-34 24-48z', 'hair-2') +
    circle(32, -45, 2.2, 'face') +
    circle(46, -42, 3, 'face') +
    stroke('M-34-28Q-48-34-46-46', 'wood', 7),
)
export const cat = at(
  shape('M-20 0Q-26-34-2-34L2-34Q0-46 4-56L12-48H22L30-56Q34-40 26-30 26-16 24 0z', 'hair-3') +
    circle(13, -40, 1.8, 'face') +
    circle(22, -40, 1.8, 'face') +
    stroke('M16-35q2 2 4 0M-18-4Q-40-4-36-24', 'hair-3', 6) +
    stroke('M15-35q2.5 2.5 5 0', 'face', 1.8),
)
export const wateringCan = at(
  shape('M-16-30H14L18 0H-20z', 'teal') +
    stroke('M14-10L38-30M34-34L44-26', 'teal-deep', 5) +
    stroke('M-14-28Q-34-30-18-6', 'teal-deep', 5),
)
export const flower = (petals: Colour) =>
  at(
    stroke('M0 0V-34M0-12Q-12-14-13-24M0-10Q11-10 13-20', 'moss-deep', 3.5) +
      [0, 72, 144, 216, 288]
        .map((angle) => place(oval([0, -8], [5.5, 7.5], petals), [0, -40], 1, { turn: angle }))
        .join('') +
      circle(0, -40, 5, 'extra'),
  )
export const leaf = (colour: Colour) =>
  at(shape('M0 0Q-14-14 0-30Q14-14 0 0z', colour) + stroke('M0 2V-20', 'white', 1.6))
export const guitar = at(
  stroke('M6-30L52-76', 'wood', 7) +
    circle(-8, -16, 19, 'wood') +
    circle(8, -32, 14, 'wood') +
    circle(-3, -22, 7, 'screen') +
    stroke('M-16-8L52-76', 'white', 1.5),
)
export const keys = (width: number) =>
  at(
    box([-width / 2, -18], [width, 18], 'white', 3) +
      box([-width / 2, -44], [width, 27], 'screen', 5) +
      Array.from({ length: Math.floor(width / 13) }, (_, index) =>
        box([-width / 2 + 8 + index * 13, -18], [5, 11], 'screen', 1),
      ).join(''),
  )
export const bed = at(
  box([-112, -42], [14, 62], 'wood', 5) +
    box([98, -22], [12, 42], 'wood', 5) +
    box([-104, -18], [206, 24], 'white', 8) +
    oval([-74, -24], [28, 12], 'white'),
)
export const bus = at(
  box([-150, -132], [300, 120], 'coral', 20) +
    box([-138, -118], [276, 58], 'cool', 10) +
    stroke('M-46-118V-60M50-118V-60', 'coral', 7) +
    stroke('M-150-40H150', 'extra', 5) +
    circle(-90, -12, 22, 'screen') +
    circle(90, -12, 22, 'screen') +
    circle(-90, -12, 9, 'soft') +
    circle(90, -12, 9, 'soft'),
)
export const paint = at(
  box([-40, -4], [80, 5], 'white', 2) +
    circle(-22, -8, 7, 'coral') +
    circle(-2, -10, 9, 'extra') +
    circle(18, -8, 7, 'teal'),
)
export const balloon = (colour: Colour) =>
  at(
    stroke('M0 0Q-6 24 2 50', 'line', 1.8) +
      oval([0, -16], [15, 18], colour) +
      stroke('M-6-22q1-6 6-7', 'white', 2.5),
  )
export const umbrella = (colour: Cloth) =>
  at(
    stroke('M0 0V-66', 'line', 4) +
      shape('M-62-62Q-56-116 0-116T62-62Q46-72 31-62 16-72 0-62-16-72-31-62-46-72-62-62z', colour),
  )
export const signpost = at(
  stroke('M0 0V-112', 'wood', 8) +
    shape('M-6-108H48L62-96L48-84H-6z', 'extra') +
    shape('M6-76H-46L-60-64L-46-52H6z', 'white'),
)
export const lectern = at(
  shape('M-24-62H24L18-48H-18z', 'wood') +
    box([-7, -50], [14, 50], 'wood', 2) +
    box([-20, -5], [40, 6], 'wood', 3) +
    stroke('M10-62Q12-78 4-84', 'line', 3),
)
/** The back of somebody who watches. */
export const watcher = (hair: Colour, top: Cloth) =>
  at(
    shape('M-34 40Q-34-4 0-4T34 40z', top) +
      box([-6, -14], [12, 14], 'skin-3', 3) +
      oval([0, -26], [18, 20], hair),
  )
export const rain = ([60, 110, 20, 250, 290, 200, 150] as const)
  .map((x, index) => stroke(`M${x} ${20 + (index % 3) * 22}l-5 14`, 'white', 3))
  .join('')
