/** Runs a command; what it throws on purpose is a plain Error with a sentence, and anything else is a bug that shows where it is. */
export async function plainly(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    const plain = error instanceof Error && error.constructor === Error && !('code' in error)
    console.error(plain ? error.message : error)
    process.exitCode = 1
  }
}
