import type { TestProject } from 'vitest/node'
import { removeDataFolder } from './app.ts'
import { fillDataFolder } from './filled.ts'

/** Each file that starts a product of its own copies one data folder: making it takes five times as long. */
export default async function setUp(project: TestProject) {
  const filled = await fillDataFolder()
  project.provide('filled', filled)
  return () => removeDataFolder(filled)
}
