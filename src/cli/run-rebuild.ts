/** Checks what the operator has written, rebuilds, and shows what was found. */
import { join } from 'node:path'
import type { RebuildProgress, RebuiltRepository } from '../engine/rebuild/rebuild.ts'
import { secrets } from './known-secrets.ts'
import { createLog } from '../system/log.ts'
import type { Environment } from './environment.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { describeProblem, loadEnvironment, readOperatorFile } from './load-settings.ts'
import { rebuildStore } from './rebuild-store.ts'
import { complain, print, printJson, table } from './terminal.ts'

export async function runRebuild(options: { readonly json?: true }): Promise<void> {
  const { environment, problems } = loadEnvironment(process.cwd())
  const operator = readOperatorFile(environment.configFile)
  const complaints = [
    ...problems.map(({ message }) => message),
    ...(operator.kind === 'broken'
      ? operator.problems.map((problem) => describeProblem(environment.configFile, problem))
      : []),
  ]
  if (operator.kind === 'broken' || complaints.length > 0) {
    throw new CommandEnd(
      ['Nothing was rebuilt:', ...complaints.map((line) => `  ${line}`)].join('\n'),
      EXIT.wrong,
    )
  }
  const { app } = environment
  if (app === null) {
    throw new CommandEnd(
      'Nothing was rebuilt: without the credentials of the GitHub App nothing can be read. Put the APP_ID, PRIVATE_KEY and WEBHOOK_SECRET of before into .env; with another App the comments of the lost one are not its own.',
      EXIT.wrong,
    )
  }
  const log = createLog('warn', undefined, secrets)
  const settings = { ...environment, app, operator: operator.settings, log }
  const found = await rebuildStore(settings, tellProgress).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'StoreInUse')
      throw new CommandEnd(moveAway(environment), EXIT.wrong)
    if (error instanceof Error && error.name === 'RecordTooNew')
      throw new CommandEnd(error.message, EXIT.wrong)
    throw error
  })
  if (options.json) printJson({ repositories: found })
  else printFound(found)
}

/** A store with something in it is somebody's: only they can say that it may go. */
function moveAway({ databaseUrl, dataFolder }: Environment): string {
  const store = join(dataFolder, 'store')
  return [
    'Nothing was rebuilt: the store is not empty, and a rebuild never overwrites one.',
    databaseUrl === null
      ? `If it is to be given up, move it away and run this again: mv ${store} ${store}.old`
      : 'If it is to be given up, make an empty database (createdb), let DATABASE_URL name it, and run this again.',
  ].join('\n')
}

function tellProgress({ repository, done, of }: RebuildProgress): void {
  complain(
    of === 0
      ? `${repository}: looking for what Yardmaster left there …`
      : `${repository}: ${done} of ${of} issues read`,
  )
}

function printFound(found: readonly RebuiltRepository[]): void {
  const tasks = found.flatMap(({ states }) => Object.values(states))
  const total = tasks.reduce((sum, count) => sum + count, 0)
  const rows = found.map(({ repository, states }) => [
    { text: repository, paint: 'bold' as const },
    {
      text:
        Object.entries(states)
          .map(([state, count]) => `${count} ${state}`)
          .join(', ') || 'no task',
    },
  ])
  print(`${total} tasks in ${found.length} repositories are known again.`)
  for (const line of table(rows, null)) print(`  ${line}`)
  tellIssues('These go on by themselves', found, ({ continuing }) => continuing)
  tellIssues(
    'These are held, because what was approved is not certain any more; take the label off and set it again',
    found,
    ({ held }) => held,
  )
  tellIssues(
    'These wear the label from before Yardmaster came and are not started',
    found,
    ({ foundLabelled }) => foundLabelled,
  )
  print('Next: yardmaster start')
}

function tellIssues(
  words: string,
  found: readonly RebuiltRepository[],
  which: (repository: RebuiltRepository) => readonly number[],
): void {
  const issues = found.flatMap((one) => which(one).map((number) => `${one.repository}#${number}`))
  if (issues.length > 0) print(`${words}: ${issues.join(', ')}`)
}
