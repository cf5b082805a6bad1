import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Answers where a file or folder of the project lies. Built pages lie deeper than their sources, so it is looked for upwards; throws when it is nowhere. */
export function projectFile(path: string): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, path)
    if (existsSync(file)) return file
  }
  throw new Error(`${path} is missing`)
}
