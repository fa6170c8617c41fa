// Makes the bare repositories behind the emulator's repositories, and keeps the copy of their refs
// that state holds. A push passes the update hook, which speaks GitHub's wording.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '../world/issue.ts'
import { git } from './run-git.ts'
import { UPDATE_HOOK } from './update-hook.ts'

const CONFIG: readonly (readonly [string, string])[] = [
  ['http.receivepack', 'true'],
  // GitHub serves any reachable commit by id, and partial clones.
  ['uploadpack.allowReachableSHA1InWant', 'true'],
  ['uploadpack.allowFilter', 'true'],
  ['receive.hideRefs', 'refs/pull'],
  ['receive.fsckObjects', 'true'],
  ['gc.auto', '0'],
  ['receive.autogc', 'false'],
  ['core.logAllRefUpdates', 'false'],
]

/** Creates the bare repository at `dir` with HEAD on `branch`; by hand, since `git init` costs a spawn. */
export async function initBare(dir: string, branch: string): Promise<void> {
  const folders = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'hooks']
  await Promise.all(folders.map(async (name) => mkdir(join(dir, name), { recursive: true })))
  const settings = CONFIG.map(([key, value]) => {
    const dot = key.indexOf('.')
    return `[${key.slice(0, dot)}]\n\t${key.slice(dot + 1)} = ${value}\n`
  })
  const core = '[core]\n\trepositoryformatversion = 0\n\tbare = true\n'
  await Promise.all([
    writeFile(join(dir, 'HEAD'), `ref: refs/heads/${branch}\n`),
    writeFile(join(dir, 'config'), `${core}${settings.join('')}`),
    writeFile(join(dir, 'hooks', 'update'), UPDATE_HOOK, { mode: 0o755 }),
  ])
}

/** Reads all refs anew; gives what changed since the copy in `repo.refs`. */
export async function refreshRefs(repo: Repository): Promise<readonly RefChange[]> {
  const text = await git(repo.gitDir, ['for-each-ref', '--format=%(objectname) %(refname)'])
  const now = new Map<string, string>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) now.set(line.slice(space + 1), line.slice(0, space))
  }
  const before = repo.refs
  repo.refs = now
  const names = new Set([...before.keys(), ...now.keys()])
  return [...names]
    .map((ref) => ({ ref, before: before.get(ref) ?? null, after: now.get(ref) ?? null }))
    .filter((change) => change.before !== change.after)
}

export type RefChange = {
  readonly ref: string
  /** `null`: the ref did not exist. */
  readonly before: string | null
  /** `null`: the ref is gone. */
  readonly after: string | null
}
