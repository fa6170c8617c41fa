/** What executing attempts takes on this machine: the jail, trusted git, the workspace, the agents. App and runner both have it. */
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { AgentsOptions } from '../agents/agents-options.ts'
import { createAgents } from '../agents/create-agents.ts'
import { createPrograms } from '../agents/create-programs.ts'
import type { Programs } from '../ports/programs.ts'
import type { JailKind, OperatorSettings } from '../domain/settings.ts'
import { gitElsewhere } from '../git/git-elsewhere.ts'
import { chooseJail } from '../jail/choose.ts'
import type { JailDecision } from '../jail/choose.ts'
import { launchElsewhere } from '../jail/launch-elsewhere.ts'
import { openSocketsFolder } from '../jail/sockets-folder.ts'
import type { Agents } from '../ports/agent.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Git, GitRemote } from '../ports/git.ts'
import type { Jail, JailSpec } from '../ports/jail.ts'
import type { Workspace } from '../ports/workspace.ts'
import { systemClock as clock } from '../system/clock.ts'
import { systemIds as ids } from '../system/ids.ts'
import { openSmallProcess } from '../system/small-process.ts'
import { createWorkspace } from '../workspace/create-workspace.ts'

export interface ExecutionSettings {
  readonly dataFolder: string
  readonly operator: OperatorSettings
  /** The operator's environment: profiles name what of it an agent may see. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Logger
}

export interface Execution {
  readonly jailKind: JailKind
  /** What the operator can do about a missing sandbox; null: there is one, or `jail: none` was written. */
  readonly noJail: { readonly fix: string } | null
  readonly git: Git
  readonly workspace: Workspace
  readonly agents: Agents
  readonly programs: Programs
}

const PACKAGE = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What was started is put on `started`. Throws `WorldFault` when the operator demands a jail that this machine has not. */
export async function openExecution(
  settings: ExecutionSettings,
  to: {
    readonly remote: GitRemote
    readonly author: { readonly name: string; readonly email: string }
  },
  started: AsyncDisposableStack,
): Promise<Execution> {
  const { dataFolder, operator, environment, log } = settings
  const path = environment['PATH'] ?? ''
  const sockets = await openSocketsFolder({
    within: tmpdir(),
    records: join(dataFolder, 'jail', 'sockets'),
    ids,
  })
  started.defer(() => sockets.close())
  const small = openSmallProcess(join(PACKAGE, 'src/cli/small-process.ts'))
  started.defer(() => small.close())
  const launcher = await launchElsewhere({
    process: small.process,
    ids,
    sockets: sockets.path,
  })
  started.defer(() => launcher.close())
  const { jail, noJail } = jailOf(
    await chooseJail({
      launch: launcher.launch,
      sockets: sockets.path,
      choice: operator.jail,
      image: operator.image,
      environment,
      folder: join(dataFolder, 'jail'),
      toolchain: { path, needed: [process.execPath], hidden: [homedir(), dataFolder] },
      ids,
    }),
  )
  const reaped = await jail.reap()
  if (reaped > 0)
    log.warn({ reaped }, 'programs of an earlier life were still running; they were ended')
  const git = gitElsewhere({
    process: small.process,
    folder: join(dataFolder, 'git'),
    remote: to.remote,
    path,
    identity: to.author,
  })
  const workspace = createWorkspace({
    folder: join(dataFolder, 'work'),
    git,
    jail,
    clock,
    ids,
    log,
    network: networkOf(operator),
  })
  const agentsOptions: AgentsOptions = {
    jail,
    clock,
    log,
    network: operator.network,
    allow: operator.allow,
    environment,
    readable: [],
    sockets: sockets.path,
    builtinPatch: {
      argv: [process.execPath, join(PACKAGE, 'src/agents/builtin/patch/main.ts')],
      // Not the whole folder: an operator's `.env` may lie in it.
      readable: ['package.json', 'src', 'node_modules'].map((name) => join(PACKAGE, name)),
    },
  }
  const agents = createAgents(agentsOptions)
  const programs = createPrograms(agentsOptions, {
    profiles: Object.values(operator.profiles),
    folder: join(dataFolder, 'probe'),
    noJail: noJail !== null,
  })
  return { jailKind: jail.kind, noJail, git, workspace, agents, programs }
}

/** What setup and checks may reach: they ask no model, and hold no key of one. */
function networkOf({ network, allow }: OperatorSettings): JailSpec['network'] {
  if (network !== 'model-only') return network
  return allow.length === 0 ? 'none' : { allow, model: null }
}

/** Without a sandbox that the operator has waived, only `builtin:patch` may run; with one demanded and absent, nothing may. */
function jailOf(decision: JailDecision): {
  readonly jail: Jail
  readonly noJail: { readonly fix: string } | null
} {
  switch (decision.kind) {
    case 'contained':
      return { jail: decision.jail, noJail: null }
    case 'open':
      return { jail: decision.jail, noJail: decision.asked ? null : { fix: decision.fix } }
    case 'unavailable':
      throw new WorldFault(`${decision.reason}. ${decision.fix}`, {
        kind: 'local',
        applied: 'no',
        operation: 'jail: bwrap',
      })
    default:
      return decision satisfies never
  }
}
