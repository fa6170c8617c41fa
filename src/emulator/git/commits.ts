// Reads commits, trees and differences from a bare repository, and writes commits without a
// checkout. Answers are cached by object id, which can never change its meaning.
import { remembered } from './memo.ts'
import { git, gitBytes } from './run-git.ts'

export type Person = { readonly name: string; readonly email: string; readonly date: string }

export type Commit = {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly committer: Person
  readonly message: string
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01'
const MAX_COMMITS = 250

/** The commits of a range (`git log` arguments), oldest first, at most 250 as GitHub gives. */
export async function listCommits(
  dir: string,
  range: readonly string[],
  limit: number = MAX_COMMITS,
): Promise<readonly Commit[]> {
  const text = await git(dir, [
    'log',
    '--reverse',
    '--topo-order',
    `--format=${FORMAT}`,
    ...range,
    '--',
  ])
  return text
    .split('\u0001')
    .map((entry) => entry.replace(/^\n/, ''))
    .filter((entry) => entry !== '')
    .slice(0, limit)
    .map(parseCommit)
}

export async function readCommit(dir: string, sha: string): Promise<Commit> {
  return remembered({ dir, what: 'commit', ids: [sha] }, async () => {
    const [commit] = await listCommits(dir, ['-1', sha])
    if (commit === undefined) throw new Error(`no commit ${sha}`)
    return commit
  })
}

/** Whether the object is a commit here; an unknown or malformed id is `false`. */
export async function isCommit(dir: string, sha: string): Promise<boolean> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return false
  const { code } = await gitBytes(dir, ['cat-file', '-e', `${sha}^{commit}`], { codes: [1, 128] })
  return code === 0
}

export async function mergeBase(dir: string, a: string, b: string): Promise<string | null> {
  return remembered({ dir, what: 'merge-base', ids: [a, b] }, async () => {
    const { code, stdout } = await gitBytes(dir, ['merge-base', a, b], { codes: [1] })
    return code === 0 ? stdout.toString().trim() : null
  })
}

export async function isAncestor(dir: string, ancestor: string, of: string): Promise<boolean> {
  return (await mergeBase(dir, ancestor, of)) === ancestor
}

/** How many commits `head` has over `base`, and the other way round. */
export async function distance(
  dir: string,
  base: string,
  head: string,
): Promise<{ readonly ahead: number; readonly behind: number }> {
  return remembered({ dir, what: 'distance', ids: [base, head] }, async () => {
    const text = await git(dir, ['rev-list', '--left-right', '--count', `${base}...${head}`])
    const [behind = 0, ahead = 0] = text.split('\t').map(Number)
    return { ahead, behind }
  })
}

/** The object id of the tree that merging gives, or `null` when the two conflict. */
export async function mergeTrees(
  dir: string,
  ours: string,
  theirs: string,
): Promise<string | null> {
  return remembered({ dir, what: 'merge-tree', ids: [ours, theirs] }, async () => {
    const args = ['merge-tree', '--write-tree', ours, theirs]
    const { code, stdout } = await gitBytes(dir, args, { codes: [1] })
    return code === 0 ? (stdout.toString().split('\n')[0] ?? null) : null
  })
}

export async function writeCommit(
  dir: string,
  given: {
    readonly tree: string
    readonly parents: readonly string[]
    readonly message: string
    readonly author: Person
    readonly committer: Person
  },
): Promise<string> {
  const parents = given.parents.flatMap((parent) => ['-p', parent])
  const env = {
    GIT_AUTHOR_NAME: given.author.name,
    GIT_AUTHOR_EMAIL: given.author.email,
    GIT_AUTHOR_DATE: given.author.date,
    GIT_COMMITTER_NAME: given.committer.name,
    GIT_COMMITTER_EMAIL: given.committer.email,
    GIT_COMMITTER_DATE: given.committer.date,
  }
  return git(dir, ['commit-tree', given.tree, ...parents, '-F', '-'], { input: given.message, env })
}

function parseCommit(entry: string): Commit {
  const [
    sha = '',
    tree = '',
    parents = '',
    an = '',
    ae = '',
    ad = '',
    cn = '',
    ce = '',
    cd = '',
    message = '',
  ] = entry.split('\0')
  return {
    sha,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
    message: message.replace(/\n$/, ''),
  }
}
