/** Lays collected work out in a fresh place, with the place's own git and in the jail: what a bundle holds was made by an agent. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Sha } from '../domain/ids.ts'
import type { Place } from '../ports/workspace.ts'
import { gitEnvironment, type Bundler } from './bundle-work.ts'
import { runJailed } from './jailed-run.ts'
import { invalid } from './local-fault.ts'
import { specOf } from './run-commands.ts'

/** As for making a bundle. Milliseconds. */
const LIMIT = 120_000

/** HEAD stays at the base: the work is there as changes, as an agent would have left it. */
const SCRIPT = `
set -eu
git bundle unbundle "$1" >/dev/null
git read-tree -u --reset "$2"
`

/** Of some files: an index of its own, so that the place's own knows of nothing. */
const SCRIPT_OF_SOME = `
set -eu
git bundle unbundle "$1" >/dev/null
export GIT_INDEX_FILE="$1.index"
git read-tree "$2"
git checkout-index -q -f -z --stdin
`

/** Throws a `WorldFault` of kind `invalid` when the bundle does not hold that work. */
export async function layOut(
  { jail, ids }: Bundler,
  place: Place,
  {
    head,
    bytes,
    paths,
  }: { readonly head: Sha; readonly bytes: Uint8Array; readonly paths: readonly string[] | null },
): Promise<void> {
  const folder = join(dirname(place.worktree), `in-${ids.unique()}`)
  await mkdir(folder, { mode: 0o700 })
  try {
    const file = join(folder, 'work.bundle')
    await writeFile(file, bytes, { mode: 0o600 })
    const { code, output } = await runJailed(
      jail,
      {
        ...specOf(place, [
          '/bin/sh',
          '-c',
          paths === null ? SCRIPT : SCRIPT_OF_SOME,
          'sh',
          file,
          head,
        ]),
        writable: [place.worktree, place.repository, folder],
        env: gitEnvironment(place),
      },
      { input: (paths ?? []).map((path) => `${path}\0`).join(''), stop: LIMIT },
    )
    if (code !== 0)
      throw invalid('lay out the work', `the kept work could not be laid out: ${output.trim()}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
