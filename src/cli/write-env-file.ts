/** Keeps credentials in a `.env` file that only its owner can read; lines that are not ours to change stay as they are. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Sets variables in the file: those that are there are replaced in place, new ones are added at the end. */
export function writeEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const left = new Map(Object.entries(values))
  const lines = text.split('\n').map((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1]
    const value = name === undefined ? undefined : left.get(name)
    if (name === undefined || value === undefined) return line
    left.delete(name)
    return entry(name, value)
  })
  while (lines.at(-1) === '') lines.pop()
  for (const [name, value] of left) lines.push(entry(name, value))
  // Written aside and moved, so that a full disk cannot leave half a key behind.
  const fresh = `${file}.new`
  writeFileSync(fresh, `${lines.join('\n')}\n`, { mode: 0o600 })
  chmodSync(fresh, 0o600)
  renameSync(fresh, file)
}

/** On one line: line breaks are spelled out, as both Node and Probot read them. */
function entry(name: string, value: string): string {
  if (/^[\w./:@-]*$/.test(value)) return `${name}=${value}`
  return `${name}="${value
    .trim()
    .replaceAll('\r', '')
    .replaceAll('\n', String.raw`\n`)}"`
}
