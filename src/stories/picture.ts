import type { Version } from '#media/picture.ts'

/** A picture in a story, as everybody may see it at this moment. */
export type StoryPicture = {
  id: string
  /** What it shows; empty for decoration. */
  words: string
  caption: string
  width: number
  height: number
  /** The widths it exists in, narrow to wide. */
  widths: number[]
  avif: boolean
}

/** The same, with the number by which the words of its story place it, whatever stands around it; 0 before it has one. */
export type NumberedPicture = StoryPicture & { number: number }

export type PictureFormat = 'avif' | 'webp' | 'jpg'

/** The address of one rendition. */
export const pictureAddress = (id: string, width: number, format: PictureFormat): string =>
  `/media/${id}/${width}.${format}`

/** What an `img` in a `picture` needs: the sources by format, and one that everything understands. */
export function sourcesOf(picture: StoryPicture, address: (width: number, format: PictureFormat) => string) {
  const set = (format: PictureFormat): string =>
    picture.widths.map((width) => `${address(width, format)} ${width}w`).join(', ')
  const middle = picture.widths.find((width) => width >= 640) ?? picture.widths.at(-1) ?? 320
  return {
    avif: picture.avif ? set('avif') : null,
    webp: set('webp'),
    src: address(middle, 'jpg'),
  }
}

/** Answers a version as a picture on a page; null while there is nothing to show. */
export const asPicture = (version: Version): StoryPicture | null =>
  version.widths.length === 0
    ? null
    : {
        id: version.id,
        words: version.words,
        caption: version.caption,
        width: version.width ?? 4,
        height: version.height ?? 3,
        widths: version.widths,
        avif: version.state === 'made',
      }
