/** A GitHub, its people, and agents that are watched: all that outlives the lives of Yardmaster. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { App, Emulator } from '../../src/emulator/emulator.ts'
import { readOperatorSettings } from '../../src/policy/operator-file.ts'
import { organisationWithBoard } from '../../test/support/board.ts'
import type { BoardPlace } from '../../test/support/board.ts'
import { copyStore } from '../../test/support/store-template.ts'
import type { AgentOrders } from './agent.ts'
import { openLane } from './lane.ts'
import type { Lane, LaneOptions } from './lane.ts'
import type { LifeSettings } from './life.ts'
import type { SmallDisk } from './small-disk.ts'
import { until } from './until.ts'
import { watchAgents } from './watch-agents.ts'
import type { AgentWatch } from './watch-agents.ts'

/** One issue that somebody labels. */
export interface TaskAt {
  readonly repo: string
  readonly number: number
}

interface TaskWords {
  /** Unique in its world; names the repository too. */
  readonly name: string
  /** In a repository that is there already. */
  readonly repo?: string
  readonly body?: string
  readonly orders?: Omit<AgentOrders, 'key'>
  readonly label?: string
  readonly check?: string
}

interface RepositoryWords {
  readonly check?: string | undefined
  /** The board of the organisation that is to own it. */
  readonly board?: BoardPlace
}

interface LaneWords extends Pick<LaneOptions, 'hears' | 'environment' | 'by'> {
  /** Of its data folder. */
  readonly name?: string
  readonly databaseUrl?: string
  /** Where its data lies, instead of a folder of the machine's own disk. */
  readonly disk?: SmallDisk
  readonly change?: (settings: LifeSettings) => LifeSettings
}

export interface World {
  readonly emulator: Emulator
  readonly app: App
  readonly folder: string
  readonly agents: AgentWatch
  /** A Yardmaster on a data folder of its own, or on that database. */
  lane(words?: LaneWords): Promise<Lane>
  repository(name: string, words?: RepositoryWords): Promise<string>
  /** A new organisation with a board. */
  board(): BoardPlace
  /** An issue with the label on it, in a repository of its own unless told. */
  task(words: TaskWords): Promise<TaskAt>
  /** Comments of the App on the issue, oldest first. */
  comments(at: TaskAt): readonly string[]
  /** Waits for a status comment with these words. */
  says(at: TaskAt, text: RegExp): Promise<string>
  close(): Promise<void>
}

export const MAINTAINER = 'ana'
const READER = 'rudi'
const SECRET = 'as long as it is random'
/** In each repository, where every jail shows it. */
const AGENT = 'agent.ts'

/** The label of the agent that is watched; the built-in one is the default. */
export const WATCHED = 'yardmaster:watched'

/** Profiles whose login is refused: each of them rests after its first try. */
export const REFUSED = ['refused-a', 'refused-b', 'refused-c', 'refused-d'] as const

export async function openWorld(options: { readonly jail?: 'none' | 'auto' } = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'yard-crash-'))
  const emulator = await startEmulator({ dataDir: join(folder, 'github'), limits: false })
  const app = await emulator.createApp({
    manifest: new URL('../../app.yml', import.meta.url),
    webhookUrl: null,
    webhookSecret: SECRET,
  })
  for (const login of [MAINTAINER, READER]) emulator.createUser({ login })
  const agents = await watchAgents()
  const agent = await readFile(join(import.meta.dirname, AGENT), 'utf8')
  const operator = operatorSettings(agents.port, options.jail ?? 'none')
  const lanes = new Set<Lane>()
  let owners = 0

  const comments: World['comments'] = (at) =>
    emulator
      .comments(at)
      .filter(({ user }) => user.type === 'Bot')
      .map((comment) => comment.body)

  // An installation of its own: writes to one go one at a time, and a story may leave one hanging.
  const newOwner = (): string => `owner-${(owners += 1)}`

  async function repository(
    name: string,
    { check = 'exit 0\n', board }: RepositoryWords = {},
  ): Promise<string> {
    const owner = board?.owner ?? newOwner()
    const repo = `${owner}/${name}`
    if (board === undefined) emulator.createUser({ login: owner })
    const files = {
      'README.md': '# Shop\n',
      'check.sh': check,
      [AGENT]: agent,
      '.github/yardmaster.yml': `verify: [sh check.sh]\n${board === undefined ? '' : `board: { project: ${board.project} }\n`}`,
    }
    await emulator.createRepository({ owner, name, files })
    emulator.addCollaborator(repo, MAINTAINER, 'admin')
    emulator.install(app, [repo])
    return repo
  }

  return {
    emulator,
    app,
    folder,
    agents,
    async lane({ name = 'yardmaster', databaseUrl, disk, change, ...rest }: LaneWords = {}) {
      const dataFolder = disk?.folder ?? join(folder, name)
      if (databaseUrl === undefined) await copyStore(join(disk?.seenAt ?? dataFolder, 'store'))
      const settings: LifeSettings = {
        app: { id: app.id, privateKey: app.privateKey, webhookSecret: SECRET },
        apiUrl: emulator.apiUrl,
        webUrl: emulator.url,
        databaseUrl: databaseUrl ?? null,
        dataFolder,
        operator,
        listen: { host: '127.0.0.1', port: 0 },
        permissionCacheMilliseconds: 0,
        settleMilliseconds: 1_000,
      }
      const lane = openLane({
        emulator,
        app,
        settings: change?.(settings) ?? settings,
        ...(disk === undefined ? {} : { by: disk.by }),
        ...rest,
      })
      lanes.add(lane)
      await lane.up()
      return lane
    },
    repository,
    board: () => organisationWithBoard(emulator, { owner: newOwner(), by: MAINTAINER }),
    async task({ name, repo = null, body, orders, label = 'yardmaster', check }) {
      const where = repo ?? (await repository(name, { check }))
      const text = body ?? `Please.\n\n\`\`\`txt path=${name}.txt\n${name}\n\`\`\`\n`
      const ordered =
        orders === undefined ? '' : `\nagent:${JSON.stringify({ key: name, ...orders })}\n`
      const { number } = emulator.openIssue({
        repo: where,
        as: READER,
        title: `Do ${name}`,
        body: text + ordered,
      })
      emulator.label({ repo: where, number, as: MAINTAINER, label })
      return { repo: where, number }
    },
    comments,
    says: (at, text) =>
      until(
        () =>
          `${at.repo}#${at.number} says ${String(text)}; it says ${comments(at).join('\n---\n')}`,
        () => comments(at).find((body) => text.test(body)),
      ),
    async close() {
      await Promise.all([...lanes].map((lane) => lane.close()))
      agents.close()
      await emulator.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function operatorSettings(port: number, jail: 'none' | 'auto'): LifeSettings['operator'] {
  const agent = [process.execPath, AGENT, String(port)]
  const read = readOperatorSettings(
    JSON.stringify({
      profiles: {
        patch: { command: 'builtin:patch' },
        watched: { command: agent },
        ...Object.fromEntries(REFUSED.map((name) => [name, { command: [...agent, 'refused'] }])),
      },
      default_profile: 'patch',
      jail,
      network: 'open',
      caps: { total: 50, per_repository: 50, per_actor_day: 100_000 },
    }),
  )
  if (read.kind !== 'ready') throw new Error(JSON.stringify(read.problems))
  return {
    ...read.settings,
    paceMilliseconds: 5,
    onboarding: false,
    retry: { firstSeconds: 0.2, maxSeconds: 1 },
  }
}
