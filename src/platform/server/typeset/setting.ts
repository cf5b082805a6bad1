/** What is set: a template of ours, by its path in the project, and what stands in it, as data and never as code. */
export type Setting = {
  template: string
  data: unknown
  /** `pdf` holds to PDF/UA-1 or is refused; `png` is one page as a picture, a pixel to a point. */
  as: 'pdf' | 'png'
}

/** A setting on its way to the process that sets: its data as JSON, as a template takes it. */
export type Order = Omit<Setting, 'data'> & { data: string }

/** What came of it. `unprintable`: none of our typefaces has these characters. */
export type Printed = { bytes: Uint8Array; pages: number } | { unprintable: string[] }

/** What the process that sets answers. */
export type Answer = Printed | { failed: string }
