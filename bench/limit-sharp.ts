// The limit for photographs: sharp by itself makes the same files of the same photograph, read once, in the quickest order we know.
import sharp from 'sharp'
import { widths } from '#kernel/pictures.ts'

sharp.cache(false)
const [widest, ...smaller] = widths.toReversed()

async function makeAll(path: string): Promise<void> {
  const { data, info } = await sharp(path)
    .autoOrient()
    .resize({ width: widest })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const all = [null, ...smaller].flatMap((width) => {
    const picture = sharp(data, { raw })
    if (width !== null) picture.resize({ width })
    return [
      picture.clone().webp({ quality: 78, effort: 4 }),
      picture.clone().jpeg({ quality: 80, mozjpeg: true }),
      picture.clone().avif({ quality: 50, effort: 2 }),
    ]
  })
  await Promise.all(all.map((one) => one.toBuffer()))
}

process.on('message', (path: string) => void makeAll(path).then(() => process.send?.('made')))
process.send?.('ready')
