// What the end of an address such as `tree/feature/x/docs` means: a branch or tag, whose name may
// have slashes, or a commit, and a path in it.
import { resolveCommit } from '../../rest/resolve-commit.ts'
import type { Repository } from '../../world/issue.ts'

export type AtRef = {
  /** As named in the address. */
  readonly ref: string
  readonly commit: string
  /** `''` for the root. */
  readonly path: string
  /** Whether it is a branch, on which one can commit. */
  readonly isBranch: boolean
}

/** 404 when there is no such ref. */
export async function atRef(repo: Repository, rest: string): Promise<AtRef> {
  const wanted = rest.replace(/\/+$/, '')
  const names = [...repo.refs.keys()].flatMap(
    (ref) => /^refs\/(?:heads|tags)\/(.+)$/.exec(ref)?.[1] ?? [],
  )
  const [named] = names
    .filter((name) => wanted === name || wanted.startsWith(`${name}/`))
    .toSorted((a, b) => b.length - a.length)
  const ref = named ?? wanted.split('/')[0] ?? ''
  return {
    ref,
    commit: await resolveCommit(repo, ref),
    path: wanted.slice(ref.length + 1),
    isBranch: repo.refs.has(`refs/heads/${ref}`),
  }
}

export function branchesOf(repo: Repository): readonly string[] {
  const names = [...repo.refs.keys()].flatMap((ref) => /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? [])
  return names.toSorted(
    (a, b) =>
      Number(b === repo.defaultBranch) - Number(a === repo.defaultBranch) || a.localeCompare(b),
  )
}
