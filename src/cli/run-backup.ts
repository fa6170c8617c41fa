/** Backs the embedded store up, makes one of a backup, and moves one to PostgreSQL; loaded when one of these is asked. */
import { existsSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BackupMade } from '../ports/upkeep.ts'
import { secrets } from './known-secrets.ts'
import { anchorPath } from '../store/anchor.ts'
import { writeBackup } from '../store/backup/backup-file.ts'
import { moveStore } from '../store/backup/move.ts'
import { LedgerBroken, restoreBackup } from '../store/backup/restore.ts'
import { openBare, placeOf } from '../store/open-bare.ts'
import { systemClock as clock } from '../system/clock.ts'
import { createLog } from '../system/log.ts'
import { askControl } from '../web/ask-control.ts'
import { controlPath } from '../web/control-path.ts'
import type { Environment } from './environment.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { loadEnvironment } from './load-settings.ts'
import { plural } from './print-queue.ts'
import { print } from './terminal.ts'
import { breakWords } from './verify-all.ts'

const log = createLog('warn', undefined, secrets)
const storeOf = ({ dataFolder }: Environment): string => join(dataFolder, 'store')

export async function runBackup(wanted: string): Promise<void> {
  const environment = embeddedOnly('Back it up with pg_dump, which works while it runs')
  const file = resolve(wanted)
  const remote = await askControl(controlPath(environment.dataFolder))
  const made =
    remote === null ? await backUpStopped(environment, file) : await remote.upkeep.backup(file)
  const [size, at] = [sizeWords(made.bytes), new Date(made.at).toISOString()]
  print(`${made.file}: ${plural(made.rows, 'row')} as of ${at}, ${size}.`)
}

async function backUpStopped(environment: Environment, file: string): Promise<BackupMade> {
  const folder = storeOf(environment)
  refuseAbsent(environment)
  const bare = await openBare({ folder, clock, log, evenIfMoved: true })
  try {
    return await writeBackup(bare.db, file, clock.now())
  } finally {
    await bare.close()
  }
}

export async function runRestore(file: string, evenIfBroken: boolean): Promise<void> {
  const environment = embeddedOnly('Restore it with pg_restore')
  const folder = storeOf(environment)
  const options = { file: resolve(file), folder, clock, log, evenIfBroken }
  const restored = await namingBroken(() => restoreBackup(options))
  // The ends that were noted since belong to what is given up.
  const anchor = anchorPath(environment.dataFolder)
  if (existsSync(anchor)) renameSync(anchor, `${anchor}.before-restore`)
  const [tasks, from] = [plural(restored.tasks, 'task'), new Date(restored.from).toISOString()]
  print(`${folder}: ${tasks} in ${plural(restored.rows, 'row')}, as of ${from}.`)
  for (const broken of restored.broken) print(breakWords(broken))
  print('Start Yardmaster: it looks at GitHub for what happened since.')
}

export async function runMove(to: string, evenIfBroken: boolean): Promise<void> {
  const { environment } = loadEnvironment(process.cwd())
  refuseAbsent(environment)
  if (!URL.canParse(to) || !['postgres:', 'postgresql:'].includes(new URL(to).protocol))
    throw new CommandEnd('--to must be an address that begins with postgres://', EXIT.usage)
  const options = { folder: storeOf(environment), url: to, clock, log, evenIfBroken }
  const moved = await namingBroken(() => moveStore(options))
  print(
    moved.already
      ? `${moved.to} held all of it already; now the old store knows.`
      : `${moved.to}: ${plural(moved.tasks, 'task')} in ${plural(moved.rows, 'row')}, counted and verified.`,
  )
  print('Set DATABASE_URL to that address and start Yardmaster. The old store refuses to start.')
}

/** What PostgreSQL holds, its own tools save and restore better. */
function embeddedOnly(instead: string): Environment {
  const { environment } = loadEnvironment(process.cwd())
  if (environment.databaseUrl !== null)
    throw new CommandEnd(`The store is a PostgreSQL server (DATABASE_URL). ${instead}.`, EXIT.wrong)
  return environment
}

function refuseAbsent(environment: Environment): void {
  if (existsSync(placeOf(storeOf(environment)))) return
  throw new CommandEnd(
    `Nothing has run here yet: ${environment.dataFolder} holds no store. Set YARDMASTER_DATA to the folder that Yardmaster uses.`,
    EXIT.unreachable,
  )
}

async function namingBroken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LedgerBroken)) throw error
    const lines = [error.message, ...error.broken.map((one) => `  ${breakWords(one)}`)]
    throw new CommandEnd(
      [...lines, 'Nothing was changed. --broken-ledger goes on all the same.'].join('\n'),
      EXIT.wrong,
    )
  }
}

const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
