/**
 * Makes a bundle of an attempt's work inside the jail, with the agent's own and therefore untrusted git, and takes
 * the file over. What git does there with hooks, filters or configuration of the agent stays in there.
 */
import { mkdir, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Sha } from '../domain/ids.ts'
import type { Ids } from '../ports/ids.ts'
import type { Jail } from '../ports/jail.ts'
import type { CommitWords, Place } from '../ports/workspace.ts'
import { runJailed } from './jailed-run.ts'
import { giveBack } from './give-back.ts'
import { assertOurs, type Layout } from './layout.ts'
import { diskFull, invalid } from './local-fault.ts'
import { specOf } from './run-commands.ts'
import { takeFile } from './take-file.ts'

/** The one ref that a bundle of ours holds. */
export const WORK_REF = 'refs/yardmaster/work'

/** GitHub refuses packs of more than 2 GiB, and files of more than 100 MiB: nothing near this could be pushed with profit. */
const MAX_BUNDLE = 512 * 1024 * 1024
/** Adding and packing 6,700 new files takes about two seconds. */
const LIMIT = 120_000
/** Less than this is no room for a bundle. */
const ROOM = 1024 * 1024

/**
 * Makes one commit of ours of all that differs from the base, whoever committed it (what .gitignore names stays out),
 * and bundles it: an agent's own commits could carry any name as author and close any issue by their words. No file:
 * nothing was done. `ulimit -f` counts in half kibibytes. A lock is one of a git that the attempt's end has killed.
 * Without the refresh `git add` doubts every file of the second in which the index was written, and copies 6,700
 * of them, because it may not touch the mirror in which they are already (1.0 s instead of 0.2).
 */
const SCRIPT = `
set -eu
ulimit -f "$3"
test -z "$5" || test "$(git rev-parse HEAD)" != "$5" || exit 0
rm -f "$GIT_DIR/index.lock" "$GIT_DIR/HEAD.lock"
git update-index -q --refresh || true
git add --all --ignore-errors -- . || echo "some files could not be added" >&2
if test -n "$6"; then
  git reset -q "$1" -- "$6"
  rm -rf -- "./$6"
  git ls-files -z -- "$6" | git checkout-index -q -f -z --stdin
fi
tree=$(git write-tree)
test "$tree" != "$(git rev-parse --verify "$1^{tree}")" || exit 0
head=$(git commit-tree "$tree" -p "$1" -F -)
git update-ref "$4" "$head"
git update-ref --no-deref HEAD "$head"
git bundle create --quiet "$2" "$4" "^$1"
`

export interface Bundler {
  readonly layout: Layout
  readonly jail: Jail
  readonly ids: Ids
}

export interface Work {
  readonly place: Place
  readonly words: CommitWords
  /** A head that is safe already: while it is the newest, there is nothing to bundle. */
  readonly safe: Sha | null
  /** A folder that is put back as the base has it, in the worktree too; null: none. */
  readonly without: string | null
  /** Where the bundle goes, a path of ours at which nothing is. */
  readonly target: string
}

/** False: there is no work beyond the base. Throws a `WorldFault` of kind `invalid` when the agent left no usable repository. */
export async function bundleWork(
  { layout, jail, ids }: Bundler,
  { place, words, safe, without, target }: Work,
): Promise<boolean> {
  await assertOurs(layout, [place.worktree, place.repository])
  await giveBack(dirname(place.worktree))
  // A folder that the agent has never seen, and with it a HOME that holds nothing of the agent's.
  const out = join(dirname(place.worktree), `out-${ids.unique()}`)
  await mkdir(out, { mode: 0o700 })
  try {
    const file = join(out, 'work.bundle')
    const given = [place.base, file, String(MAX_BUNDLE / 512), WORK_REF, safe ?? '', without ?? '']
    const argv = [SCRIPT, 'sh', ...given]
    const { code, output } = await runJailed(
      jail,
      {
        ...specOf(place, ['/bin/sh', '-c', ...argv]),
        writable: [place.worktree, place.repository, out],
        home: out,
        env: environment(place, words),
      },
      { input: words.message === '' ? '' : `${words.message}\n`, stop: LIMIT },
    )
    if (code === null) throw await failed(layout, `git did not finish within ${LIMIT / 1000} s`)
    if (code !== 0)
      throw await failed(layout, output.trim().slice(-1000) || `git ended with ${code}`)
    await assertOurs(layout, [out])
    return await takeFile(file, target, MAX_BUNDLE)
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

const environment = (place: Place, { author }: CommitWords): Readonly<Record<string, string>> => ({
  ...gitEnvironment(place),
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_COMMITTER_NAME: author.name,
  GIT_COMMITTER_EMAIL: author.email,
})

/** Named outright, so that a `.git` that was removed or points elsewhere does not matter. */
export const gitEnvironment = ({
  repository,
  worktree,
}: Place): Readonly<Record<string, string>> => ({
  GIT_DIR: join(repository, 'worktrees', 'worktree'),
  GIT_COMMON_DIR: repository,
  GIT_WORK_TREE: worktree,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  // Of no use for containment, which is the jail's; a hook of the repository would only get in the way here.
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'core.hooksPath',
  GIT_CONFIG_VALUE_0: '/dev/null',
  GIT_CONFIG_KEY_1: 'core.fsmonitor',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_CONFIG_KEY_2: 'gc.auto',
  GIT_CONFIG_VALUE_2: '0',
})

/** Whether the disk was full is asked of the disk: what git says in there an agent may have put in its mouth. */
async function failed(layout: Layout, why: string): Promise<Error> {
  const { bavail, bsize } = await statfs(layout.root)
  return bavail * bsize < ROOM
    ? diskFull('bundle the work')
    : invalid('bundle the work', `the work could not be bundled: ${why}`)
}
