// Which files each of some commits touched, in one call of git.
import type { Commit } from './commits.ts'
import { git } from './run-git.ts'

export type TouchedFile = {
  readonly path: string
  readonly status: 'added' | 'removed' | 'modified'
}

/** By commit id. A rename counts as one removed and one added, as GitHub's push payload has it. */
export async function touchedFiles(
  dir: string,
  commits: readonly Commit[],
): Promise<ReadonlyMap<string, readonly TouchedFile[]>> {
  if (commits.length === 0) return new Map()
  const ids = commits.map((commit) => commit.sha)
  const options = ['--no-walk=unsorted', '--no-renames', '--name-status', '-z', '--format=%x02%H']
  const text = await git(dir, ['log', ...options, ...ids])
  const sections = text.split('\u0002').filter((section) => section !== '')
  return new Map(sections.map((section) => [section.slice(0, 40), parse(section.slice(40))]))
}

function parse(section: string): readonly TouchedFile[] {
  const parts = section.replace(/^\0?\n?/, '').split('\0')
  const files: TouchedFile[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const letter = parts[at]
    const path = parts[at + 1]
    if (letter === undefined || letter === '' || path === undefined || path === '') continue
    files.push({ path, status: letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'modified' })
  }
  return files
}
