/** The file from which a `command` agent reads what to do. It lies where an agent may write, so nothing that lies there already is followed. */
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

export const PROMPT_FILE = 'prompt.md'

/** Nobody else writes there meanwhile: no process of the task is alive between two attempts. */
export async function writePrompt(exchange: string, text: string): Promise<void> {
  const path = join(exchange, PROMPT_FILE)
  await rm(path, { force: true, recursive: true })
  // Exclusive: what is there in spite of that, a link above all, is an error and not a target.
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}
