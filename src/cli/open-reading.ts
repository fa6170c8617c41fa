/** How a verb reads the state: through the control socket of a live process, or else from the store itself. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskId } from '../domain/ids.ts'
import { schedule } from '../domain/schedule.ts'
import type { OperatorSettings } from '../domain/settings.ts'
import type { Wait } from '../domain/wait.ts'
import { createPolicyReader } from '../engine/deps.ts'
import { scheduleInput } from '../engine/admit.ts'
import { createBoardSync } from '../engine/sync-boards.ts'
import { createPausing } from '../engine/pausing.ts'
import { createReviewing } from '../engine/reviewing.ts'
import type { BoardSync } from '../ports/board-sync.ts'
import type { Pausing } from '../ports/pausing.ts'
import type { Reviewing } from '../ports/reviewing.ts'
import type { Store } from '../ports/store.ts'
import type { Upkeep } from '../ports/upkeep.ts'
import type { StoreWithUpkeep } from '../store/upkeep.ts'
import { systemClock } from '../system/clock.ts'
import { createKillSwitch } from '../system/kill-switch.ts'
import { systemIds } from '../system/ids.ts'
import { createLog } from '../system/log.ts'
import { askControl } from '../web/ask-control.ts'
import { controlPath } from '../web/control-path.ts'
import { createReading } from '../web/reading.ts'
import { createPrompting } from '../web/preview-prompt.ts'
import type { Prompting, Reading, StatusView } from '../web/view-types.ts'
import type { Environment } from './environment.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { secrets } from './known-secrets.ts'
import { describeProblem, readOperatorFile } from './load-settings.ts'
import { VERSION } from '../system/version.ts'

export interface OpenReading {
  readonly reading: Reading
  readonly upkeep: Upkeep
  readonly pausing: Pausing
  readonly reviewing: Reviewing
  readonly boards: BoardSync
  readonly prompting: Prompting
  /** The process that answers; null: the store was opened here. */
  readonly live: StatusView | null
  close(): Promise<void>
}

/** Throws `CommandEnd` when there is nothing to read, or when it cannot be reached. */
export async function openReading(environment: Environment): Promise<OpenReading> {
  const remote = await askControl(controlPath(environment.dataFolder))
  if (remote === null) return openOffline(environment)
  if (remote.version !== VERSION) {
    throw new CommandEnd(
      `The Yardmaster that runs here is version ${remote.version}, and this command is ${VERSION}. Restart it, or use the command of its version.`,
      EXIT.unreachable,
    )
  }
  return {
    reading: remote,
    upkeep: remote.upkeep,
    pausing: remote.pausing,
    reviewing: remote.reviewing,
    boards: remote.boards,
    prompting: remote.prompting,
    live: await remote.status(),
    close: async () => {},
  }
}

async function openOffline(environment: Environment): Promise<OpenReading> {
  const store = await openStore(environment)
  const reading = createReading({
    store,
    waits: () => waitsOf(store, environment),
    clock: systemClock,
    secrets,
    operator: () => operatorOf(environment),
    webUrl: environment.webUrl,
  })
  const killSwitch = createKillSwitch(environment.dataFolder)
  const deps = { store, clock: systemClock, log: createLog('silent'), killSwitch }
  // Nobody here gives out slots; who does on a shared store looks every few seconds.
  const pausing = createPausing(deps, () => {})
  const boards = createBoardSync({ store }, createPolicyReader(), () => {})
  const reviewing = createReviewing({ store, clock: systemClock, ids: systemIds })
  const prompting = createPrompting({
    store,
    policyOf: createPolicyReader(),
    operator: () => operatorOf(environment),
    sources: null,
  })
  const opened = { prompting, reading, upkeep: store.upkeep, pausing, reviewing, boards }
  return { ...opened, live: null, close: () => store.close() }
}

/** Opens the store that the environment names; never makes one. */
export async function openStore(environment: Environment): Promise<StoreWithUpkeep> {
  const { databaseUrl, dataFolder } = environment
  const log = createLog('warn', undefined, secrets)
  if (databaseUrl !== null) {
    const { openPostgres } = await import('../store/postgres.ts')
    return await openPostgres({ url: databaseUrl, clock: systemClock, log })
  }
  const folder = join(dataFolder, 'store')
  if (!existsSync(folder)) {
    throw new CommandEnd(
      `Nothing has run here yet: ${dataFolder} holds no store. Start Yardmaster first (\`yardmaster start\`), or set YARDMASTER_DATA to the folder it uses.`,
      EXIT.unreachable,
    )
  }
  const { FolderInUse, openEmbedded } = await import('../store/embedded.ts')
  try {
    return await openEmbedded({ folder, clock: systemClock, log, evenIfMoved: true })
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    throw new CommandEnd(
      `Process ${error.pid} holds the store in ${dataFolder} and does not answer yet: it is starting, stopping, or reading it as well. Try again in a moment.`,
      EXIT.unreachable,
    )
  }
}

/** What the engine would say if it ran now. Whether this machine has a jail is the engine's to know, so it is left out. */
async function waitsOf(store: Store, environment: Environment): Promise<ReadonlyMap<TaskId, Wait>> {
  const view = await store.admission.view()
  const deps = { clock: systemClock, operator: operatorOf(environment), noJail: null }
  return schedule(scheduleInput(view, deps, createPolicyReader())).waiting
}

function operatorOf({ configFile }: Environment): OperatorSettings {
  const operator = readOperatorFile(configFile)
  if (operator.kind !== 'broken') return operator.settings
  const lines = operator.problems.map((problem) => describeProblem(configFile, problem))
  throw new CommandEnd(lines.join('\n'), EXIT.wrong)
}
