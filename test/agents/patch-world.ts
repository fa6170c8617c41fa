/** A worktree for builtin:patch, and how tests speak of it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { work, type Step, type WorkEnd } from '../../src/agents/builtin/patch/work.ts'

export type Files = Readonly<Record<string, string>>

export interface PatchWorld {
  readonly worktree: string
  /** The plans that were shown during the last `apply`. */
  readonly plans: (readonly Step[])[]
  given(files: Files): Promise<void>
  found(): Promise<Files>
  apply(prompt: string): Promise<WorkEnd>
  clear(): Promise<void>
}

export async function createPatchWorld(): Promise<PatchWorld> {
  const worktree = await mkdtemp(join(tmpdir(), 'yard-patch-'))
  const plans: (readonly Step[])[] = []
  return {
    worktree,
    plans,
    async given(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(worktree, path)), { recursive: true })
        await writeFile(join(worktree, path), content)
      }
    },
    async found() {
      const entries = await readdir(worktree, { recursive: true, withFileTypes: true })
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
      const pairs = files.map(
        async (file) => [file.slice(worktree.length + 1), await readFile(file, 'utf8')] as const,
      )
      return Object.fromEntries(await Promise.all(pairs))
    },
    apply(prompt) {
      plans.length = 0
      const { signal } = new AbortController()
      return work({ prompt, worktree, signal, onPlan: async (steps) => void plans.push(steps) })
    },
    clear: () => rm(worktree, { recursive: true, force: true }),
  }
}

export const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`

/** What the end says to people. */
export const words = (end: WorkEnd): string => {
  switch (end.kind) {
    case 'done':
      return end.summary
    case 'needs':
      return end.question.text
    case 'failed':
      return end.error
  }
}

export const abc = 'a\nb\nc\n'
/** Fits `abc` in `f.txt`. */
export const bToX = '--- a/f.txt\n+++ b/f.txt\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c'
