/** A remote with one commit, trusted git beside it, and a second clone in which tests play people and agents. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, onTestFinished } from 'vitest'
import {
  installationId,
  instant,
  issueId,
  repoId,
  sha,
  taskId,
  type Sha,
} from '../../src/domain/ids.ts'
import type { RepoRef } from '../../src/domain/repository.ts'
import { createGit } from '../../src/git/create-git.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Git, GitRemote, Pair } from '../../src/ports/git.ts'
import type { Ids } from '../../src/ports/ids.ts'
import type { Log } from '../../src/ports/log.ts'

export const REPO: RepoRef = {
  id: repoId(77),
  owner: 'octo',
  name: 'shop',
  installation: installationId(5),
  defaultBranch: 'main',
}
export const TASK = taskId(REPO.id, issueId(9001))
export const PATH = process.env['PATH'] ?? '/usr/bin:/bin'
export const IDENTITY = { name: 'yardmaster[bot]', email: '1+yardmaster[bot]@example.com' }

export const clock: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, null, signal === undefined ? {} : { signal }).catch(() => null)
  },
}
export const ids: Ids = { unique: () => crypto.randomUUID() }
export const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A folder of the test's own, by its real path, gone when the test is over. */
export async function temporary(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'yard-test-')))
  onTestFinished(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** A person's git, with a person's configuration: none of the product's hardening. */
export const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  await feedGit(cwd, '', ...args)

export async function feedGit(
  cwd: string,
  input: string,
  ...args: readonly string[]
): Promise<string> {
  const { stdout } = await execa('git', args, {
    cwd,
    input,
    extendEnv: false,
    env: {
      PATH,
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'protocol.file.allow',
      GIT_CONFIG_VALUE_0: 'always',
      GIT_CONFIG_KEY_1: 'init.defaultBranch',
      GIT_CONFIG_VALUE_1: 'main',
      GIT_AUTHOR_NAME: 'Ana',
      GIT_AUTHOR_EMAIL: 'ana@example.com',
      GIT_COMMITTER_NAME: 'Ana',
      GIT_COMMITTER_EMAIL: 'ana@example.com',
    },
  })
  return stdout
}

export type Files = Readonly<Record<string, string>>

export async function write(folder: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

export async function commit(folder: string, files: Files, message = 'change'): Promise<Sha> {
  await write(folder, files)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--allow-empty', '-m', message)
  return await head(folder)
}

export const head = async (folder: string, name = 'HEAD'): Promise<Sha> =>
  sha(await git(folder, 'rev-parse', name))

/** Every ref of a repository, as `name sha`. */
export const refs = async (repository: string): Promise<readonly string[]> =>
  (await git(repository, 'for-each-ref', '--format=%(refname) %(objectname)'))
    .split('\n')
    .filter(Boolean)

export interface GitWorld {
  readonly folder: string
  /** The remote's bare repository. */
  readonly remote: string
  /** A person's clone of it. */
  readonly person: string
  readonly base: Sha
  readonly git: Git
  /** The data folder of trusted git. */
  readonly data: string
  readonly mirror: string
  readonly outbox: string
  pair(base?: Sha): Promise<Pair>
  /** Bundles a pair's work as an agent's git would. */
  bundle(pair: Pair, ...revisions: readonly string[]): Promise<string>
}

export async function gitWorld(
  files: Files = { 'README.md': 'hello\n' },
  remoteOf?: (path: string) => GitRemote,
): Promise<GitWorld> {
  const folder = await temporary()
  const [remote, person] = [join(folder, 'remote.git'), join(folder, 'person')]
  const { template, base } = await templateOf(files)
  await cp(template, folder, { recursive: true })
  const data = join(folder, 'data')
  const trusted = createGit({
    folder: data,
    remote: remoteOf?.(remote) ?? fileRemote(remote),
    clock,
    path: PATH,
    identity: IDENTITY,
  })
  return {
    folder,
    remote,
    person,
    base,
    git: trusted,
    data,
    mirror: join(data, 'mirror', String(REPO.id)),
    outbox: join(data, 'outbox', TASK),
    pair: async (at = base) => {
      await trusted.fetch(REPO, at)
      return await trusted.makePair(REPO.id, at, join(folder, `pair-${ids.unique()}`))
    },
    bundle: async (pair, ...revisions) => {
      const file = join(folder, `${ids.unique()}.bundle`)
      const wanted = revisions.length > 0 ? revisions : ['work', `^${pair.base}`]
      await git(pair.worktree, 'bundle', 'create', '--quiet', file, ...wanted)
      return file
    },
  }
}

interface Template {
  readonly template: string
  readonly base: Sha
}

const templates = new Map<string, Promise<Template>>()

/** Made once per set of files, then copied: a dozen git processes less for every story. */
async function templateOf(files: Files): Promise<Template> {
  const key = JSON.stringify(files)
  const made = templates.get(key) ?? makeTemplate(files)
  templates.set(key, made)
  return await made
}

async function makeTemplate(files: Files): Promise<Template> {
  const template = await mkdtemp(join(tmpdir(), 'yard-template-'))
  const person = join(template, 'person')
  await git(template, 'init', '--quiet', '--bare', '--template=', 'remote.git')
  await git(template, 'init', '--quiet', '--template=', person)
  // Relative, so that it holds in every copy.
  await git(person, 'remote', 'add', 'origin', '../remote.git')
  const base = await commit(person, files, 'base')
  await git(person, 'push', '--quiet', 'origin', 'main')
  return { template, base }
}

afterAll(async () => {
  for (const made of templates.values())
    await rm((await made).template, { recursive: true, force: true })
})

export const fileRemote = (path: string): GitRemote => ({
  url: () => `file://${path}`,
  credential: async () => await Promise.reject(new Error('a file needs no credential')),
  refused: async () => await Promise.resolve(false),
})

export const text = async (path: string): Promise<string> => await readFile(path, 'utf8')
