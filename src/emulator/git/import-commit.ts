// Writes a commit on a branch in one call of git, without index or checkout: spawning is what costs
// here, and plumbing by hand takes a spawn per file.
import type { Person } from './commits.ts'
import { entryAt } from './files.ts'
import { git } from './run-git.ts'

/** A file's content; `null` deletes it. */
export type FileChange = string | Buffer | null

export type NewCommit = {
  /** The full name of the ref that will point to the commit. */
  readonly ref: string
  readonly parent: string | null
  readonly files: Readonly<Record<string, FileChange>>
  readonly message: string
  readonly author: Person
}

/** Gives the commit's id. Files that exist keep their mode. */
export async function importCommit(dir: string, given: NewCommit): Promise<string> {
  const { author, parent, ref } = given
  const seconds = Math.floor(Date.parse(author.date) / 1000)
  const signature = `${author.name} <${author.email}> ${seconds} +0000`
  const parts: Buffer[] = []
  const line = (text: string): number => parts.push(Buffer.from(`${text}\n`))
  const data = (content: Buffer): void => {
    line(`data ${content.length}`)
    parts.push(content, Buffer.from('\n'))
  }
  line(`commit ${ref}\nmark :1\nauthor ${signature}\ncommitter ${signature}`)
  data(Buffer.from(given.message))
  if (parent !== null) line(`from ${parent}`)
  for (const [path, content] of Object.entries(given.files)) {
    if (content === null) {
      line(`D ${quoted(path)}`)
      continue
    }
    const known = parent === null ? null : await entryAt(dir, parent, path)
    line(`M ${known?.mode ?? '100644'} inline ${quoted(path)}`)
    data(Buffer.from(content))
  }
  line('get-mark :1\ndone')
  const args = ['fast-import', '--quiet', '--force', '--date-format=raw', '--done']
  return git(dir, args, { input: Buffer.concat(parts) })
}

function quoted(path: string): string {
  if (!/["\\\n]/.test(path)) return path
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`
}
