/**
 * A yard for stories: the whole product over the emulator, spoken to in verbs. Waiting is for a condition, never for
 * a time. Closing it fails on wrong uses of GitHub's API, leftover agents, and worktrees that nobody put away.
 */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { expect } from 'vitest'
import { startLocalWorld } from '../../../src/cli/local-world.ts'
import type { LocalWorld } from '../../../src/cli/local-world.ts'
import type { Attempt } from '../../../src/domain/attempt.ts'
import type { OperatorSettings } from '../../../src/domain/settings.ts'
import type { Task, TaskState } from '../../../src/domain/task.ts'
import type { Emulator } from '../../../src/emulator/emulator.ts'
import { readOperatorSettings } from '../../../src/policy/operator-file.ts'
import { copyStore } from '../../support/store-template.ts'
import { createLog } from '../../../src/system/log.ts'
import { until } from './until.ts'

export const CONFIG = 'verify: [sh check.sh]\n'
/** A check that takes until the story lets it go. */
export const WAITING_CHECK = 'until [ -e go ]; do sleep 0.05; done\n'
export const MAINTAINER = 'ana'
export const READER = 'rudi'

export interface YardOptions {
  /** The text of the operator's file; by default the built-in agent only. */
  readonly operator?: string
  readonly change?: (settings: OperatorSettings) => OperatorSettings
  readonly databaseUrl?: string
  /** 0 by default, so that a story sees at once what a revoked permission does. */
  readonly permissionCacheMilliseconds?: number
  /** How long a lost creation is waited for; 2,000 by default, where the product waits a minute. */
  readonly settleMilliseconds?: number
  /** Whether a settings file is proposed to repositories without one; by default false, so that no story has to read it. */
  readonly onboarding?: boolean
  /** No webhook and no open port; by default false. */
  readonly poll?: boolean
  readonly log?: Logger
  /** Variables of Yardmaster's beyond those of the test. */
  readonly environment?: Readonly<Record<string, string>>
  /** GitHub's own limits, which a fast story of many writes would meet; off by default. */
  readonly limits?: boolean
}

interface RepositoryWords {
  readonly name?: string
  /** By default one of its own: an owner has an installation, and with it a budget of points, which quick stories would share. */
  readonly owner?: string
  readonly config?: string | null
  readonly files?: Readonly<Record<string, string | Buffer>>
}

type Member<State, Kind> = State extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? State & { readonly kind: Kind }
    : never
  : never

type In<Kind extends TaskState['kind']> = Task & {
  readonly state: Member<TaskState, Kind>
}

/** One repository and its issues, in a maintainer's verbs. */
export interface Yard {
  readonly world: LocalWorld
  readonly emulator: Emulator
  readonly folder: string
  /** A repository with a passing check, on which the App is installed. Gives `owner/name`. */
  repository(words?: RepositoryWords): Promise<string>
  /** Opens an issue as the reader. Gives its number. */
  issue(repo: string, body: string, title?: string): number
  label(repo: string, number: number, as?: string, label?: string): void
  task(repo: string, number: number): Promise<Task | null>
  attempts(repo: string, number: number): Promise<readonly Attempt[]>
  /** Waits until the task is in that state, and gives it. Fails at once when it ends in another way. */
  becomes<Kind extends TaskState['kind']>(
    repo: string,
    number: number,
    kind: Kind,
  ): Promise<In<Kind>>
  /** Waits until the status comment holds that text, and gives the comment. */
  says(repo: string, number: number, text: string | RegExp): Promise<string>
  /** All comments of the App on the issue, oldest first. */
  comments(repo: string, number: number): readonly string[]
  /** Waits until the task has failed and its one status comment and its one last word say so; gives both. */
  fails(repo: string, number: number): Promise<{ readonly status: string; readonly notice: string }>
  readonly until: typeof until
  /** Everything that was told has been looked at: no fact waits, no webhook is under way. */
  settled(): Promise<void>
  /** Command lines of what agents and checks run at this moment. */
  agents(): Promise<readonly string[]>
  /** Puts a file `go` into every worktree: a check that waits for it goes on. */
  letGo(): Promise<void>
  /** Breaches of GitHub's API that a story causes on purpose are named here by a part of their text. */
  expectViolation(part: string | RegExp): void
  close(): Promise<void>
}

const OPERATOR = 'profiles: { patch: { command: "builtin:patch" } }\ndefault_profile: patch\n'

export async function openYard(options: YardOptions = {}): Promise<Yard> {
  const folder = await mkdtemp(join(tmpdir(), 'yard-'))
  const read = readOperatorSettings(options.operator ?? OPERATOR)
  if (read.kind !== 'ready') throw new Error(JSON.stringify(read.problems))
  const quick = {
    ...read.settings,
    paceMilliseconds: 5,
    onboarding: options.onboarding ?? false,
    retry: { firstSeconds: 0.2, maxSeconds: 1 },
  }
  if (options.databaseUrl === undefined) await copyStore(join(folder, 'yardmaster/store'))
  const world = await startLocalWorld({
    folder,
    operator: options.change?.(quick) ?? quick,
    environment: { ...process.env, ...options.environment },
    log: options.log ?? createLog(process.env['YARD_LOG'] ?? 'silent'),
    permissionCacheMilliseconds: options.permissionCacheMilliseconds ?? 0,
    settleMilliseconds: options.settleMilliseconds ?? 2_000,
    ...(options.poll === undefined ? {} : { poll: options.poll }),
    ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
  })
  const { emulator, app } = world
  emulator.limits.enforced = options.limits ?? false
  for (const [login, name] of [
    [MAINTAINER, 'Ana'],
    [READER, 'Rudi'],
  ] as const)
    emulator.createUser({ login, name })
  let named = 0
  const expected: (string | RegExp)[] = []

  const comments: Yard['comments'] = (repo, number) =>
    emulator
      .comments({ repo, number })
      .filter((comment) => comment.user.type === 'Bot')
      .map((comment) => comment.body)
  const store = () => world.yardmaster().store
  const idOf = (repo: string) => emulator.repository(repo).id
  const task = async (repo: string, number: number): Promise<Task | null> =>
    (await store().list({})).find(
      (one) => Number(one.repo) === idOf(repo) && one.number === number,
    ) ?? null

  return {
    world,
    emulator,
    folder,
    async repository(words = {}) {
      const name = words.name ?? `shop-${++named}`
      const owner = words.owner ?? `owner-of-${name}`
      if (!emulator.world.users.has(owner)) emulator.createUser({ login: owner })
      await emulator.createRepository({
        owner,
        name,
        files: {
          'README.md': '# Shop\n',
          'check.sh': 'exit 0\n',
          ...(words.config === null ? {} : { '.github/yardmaster.yml': words.config ?? CONFIG }),
          ...words.files,
        },
      })
      if (owner !== MAINTAINER) emulator.addCollaborator(`${owner}/${name}`, MAINTAINER, 'admin')
      emulator.install(app, [`${owner}/${name}`])
      return `${owner}/${name}`
    },
    issue: (repo, body, title = 'Say hello') =>
      emulator.openIssue({ repo, as: READER, title, body }).number,
    label: (repo, number, as = MAINTAINER, label = 'yardmaster') =>
      emulator.label({ repo, number, as, label }),
    task,
    async attempts(repo, number) {
      const found = await task(repo, number)
      return found === null ? [] : store().attempts(found.id)
    },
    becomes<Kind extends TaskState['kind']>(repo: string, number: number, kind: Kind) {
      return until(`${repo}#${number} becomes ${kind}`, async () => {
        const found = await task(repo, number)
        if (found?.state.kind === kind) return found as In<Kind>
        if (found?.state.kind === 'failed')
          throw new Error(`${repo}#${number} failed: ${found.state.reason}`)
        return null
      })
    },
    says: (repo, number, text) =>
      until(`${repo}#${number} says ${String(text)}`, () =>
        emulator
          .comments({ repo, number })
          .map((comment) => comment.body)
          .find((body) => (typeof text === 'string' ? body.includes(text) : text.test(body))),
      ),
    comments,
    async fails(repo, number) {
      await until(
        `${repo}#${number} fails`,
        async () => (await task(repo, number))?.state.kind === 'failed',
      )
      await until('the label says failed', () =>
        emulator.labels({ repo, number }).includes('yard:failed'),
      )
      const said = await until('both comments say so', () => {
        const all = comments(repo, number)
        const status = all.find((body) => body.startsWith('### Failed'))
        const notice = all.find((body) => body.startsWith(`@${MAINTAINER}, this task has failed`))
        return status !== undefined && notice !== undefined && { status, notice }
      })
      expect(comments(repo, number), 'one status comment and one last word').toHaveLength(2)
      return said
    },
    until,
    async settled() {
      await emulator.whenIdle()
      await until('the inbox is empty', async () => (await store().pending(1)).length === 0)
    },
    agents: () => agentsOf(folder),
    async letGo() {
      const pairs = join(folder, 'yardmaster/work/pairs')
      for (const pair of await list(pairs)) {
        await writeFile(join(pairs, pair, 'worktree/go'), '').catch(() => undefined)
      }
    },
    expectViolation: (part) => void expected.push(part),
    async close() {
      await emulator.whenIdle()
      const parked = (await store().list({ states: ['parked', 'held', 'queued'] }))
        .filter(({ state, resume }) => state.kind !== 'queued' || resume !== null)
        .map(({ id }) => id)
      await world.stop()
      const wrong = emulator.violations.filter(
        ({ what, detail }) =>
          !expected.some((part) =>
            typeof part === 'string'
              ? `${what} ${detail}`.includes(part)
              : part.test(`${what} ${detail}`),
          ),
      )
      expect(wrong, 'wrong uses of the API').toEqual([])
      expect(await agentsOf(folder), 'agents that outlived their attempt').toEqual([])
      expect(
        await unclaimed(join(folder, 'yardmaster/work/places'), parked),
        'worktrees that nobody put away',
      ).toEqual([])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Command lines of the processes whose environment or command line names the yard's folder. */
export async function agentsOf(folder: string, data = 'yardmaster'): Promise<readonly string[]> {
  const found: string[] = []
  for (const pid of await list('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')
    const [command, environment] = await Promise.all([read('cmdline'), read('environ')])
    // A process that is gone and not yet waited for has no command line any more.
    if (command !== '' && `${command}${environment}`.includes(join(folder, data)))
      found.push(command.replaceAll('\0', ' '))
  }
  return found
}

/** Records of places but for those whose task waits for an answer. */
async function unclaimed(folder: string, parked: readonly string[]): Promise<readonly string[]> {
  const texts = (await list(folder)).map((name) => readFile(join(folder, name), 'utf8'))
  return (await Promise.all(texts)).filter((text) => !parked.some((id) => text.includes(`"${id}"`)))
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
