/** Makes or adopts a board as the App, says what was done, and prints the lines for the settings files. */
import { COLUMN_KEYS, COLUMN_NAMES } from '../domain/board.ts'
import type { BoardSettings, ColumnKey } from '../domain/board.ts'
import { deadlineIn } from '../domain/deadline.ts'
import { slug } from '../domain/repository.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { BoardMade } from '../github/board/make-board.ts'
import { createGitHub } from '../github/create-github.ts'
import type { GitHub } from '../github/create-github.ts'
import { createMemoryBook } from '../github/memory-book.ts'
import { readRepoPolicy } from '../policy/repo-file.ts'
import { WorldFault } from '../ports/fault.ts'
import { systemClock } from '../system/clock.ts'
import { createLog } from '../system/log.ts'
import { secrets } from './known-secrets.ts'
import { CommandEnd, EXIT } from './exit.ts'
import { loadEnvironment, readOperatorFile } from './load-settings.ts'
import { print, printJson } from './terminal.ts'

interface InitWish {
  readonly owner: string
  readonly project: number | null
  readonly title: string
  readonly repositories: readonly string[]
  readonly json: boolean
}

/** For all of it; a new board takes some ten requests. Milliseconds. */
const PATIENCE = 120_000

export async function initBoard(wish: InitWish): Promise<void> {
  const github = connect()
  const repositories = await repositoriesOf(github, wish.owner)
  const [first] = repositories
  if (first === undefined)
    throw new CommandEnd(
      `The App is installed on no repository of ${wish.owner}. Install it there first.`,
      EXIT.wrong,
    )
  const named = wish.repositories.map((name) => find(repositories, name))
  const columns = await columnsFor(github, named[0] ?? null)
  try {
    const made = await github.makeBoard({
      owner: wish.owner,
      project: wish.project,
      title: wish.title,
      repo: named[0] ?? first,
      columns: COLUMN_KEYS.map((key) => columns[key]),
      notAfter: deadlineIn(PATIENCE, systemClock),
    })
    tell(made, { wish, columns, named })
  } catch (error) {
    if (error instanceof WorldFault) throw new CommandEnd(explain(error, wish), EXIT.wrong)
    throw error
  }
}

function connect(): GitHub {
  const { environment, problems } = loadEnvironment(process.cwd())
  const [problem] = problems
  if (problem !== undefined) throw new CommandEnd(problem.message, EXIT.wrong)
  const { app } = environment
  if (app === null)
    throw new CommandEnd(
      'Without the credentials of the GitHub App nothing can be made: put APP_ID, PRIVATE_KEY and WEBHOOK_SECRET into .env (`yardmaster start` helps).',
      EXIT.wrong,
    )
  const operator = readOperatorFile(environment.configFile)
  return createGitHub({
    appId: app.id,
    privateKey: app.privateKey,
    baseUrl: environment.apiUrl,
    webUrl: environment.webUrl,
    boardToken: environment.boardToken,
    secrets,
    clock: systemClock,
    log: createLog('warn', undefined, secrets),
    paceMilliseconds: operator.kind === 'ready' ? operator.settings.paceMilliseconds : 1_000,
    // Some ten writes, seldom: they need not be told to a running Yardmaster.
    book: createMemoryBook(() => systemClock.now()),
    instance: 'board',
    allowed: operator.kind === 'ready' ? operator.settings.repositories : null,
  })
}

async function repositoriesOf(github: GitHub, owner: string): Promise<readonly RepoRef[]> {
  const found: RepoRef[] = []
  for (const { id, suspended } of await github.installations.list())
    if (!suspended) found.push(...(await github.installations.repositories(id)))
  return found.filter((repo) => repo.owner.toLowerCase() === owner.toLowerCase())
}

function find(repositories: readonly RepoRef[], name: string): RepoRef {
  const wanted = name.toLowerCase()
  const found = repositories.find(
    (repo) => slug(repo).toLowerCase() === wanted || repo.name.toLowerCase() === wanted,
  )
  if (found !== undefined) return found
  throw new CommandEnd(
    `The App does not see ${name} there; it sees ${repositories.map(slug).join(', ')}.`,
    EXIT.wrong,
  )
}

async function columnsFor(
  { tracker }: GitHub,
  repo: RepoRef | null,
): Promise<BoardSettings['columns']> {
  if (repo === null) return COLUMN_NAMES
  const policy = readRepoPolicy((await tracker.readHead(repo)).config)
  return policy.kind === 'ready' ? (policy.settings.board?.columns ?? COLUMN_NAMES) : COLUMN_NAMES
}

interface Told {
  readonly wish: InitWish
  readonly columns: BoardSettings['columns']
  readonly named: readonly RepoRef[]
}

function tell({ project, deeds }: BoardMade, { wish, columns, named }: Told): void {
  const lines = settingsLines(project, columns)
  if (wish.json) return printJson({ owner: wish.owner, project, columns, deeds, settings: lines })
  const names = (did: 'made' | 'found', what: string): string =>
    deeds.flatMap((deed) => (deed.did === did && deed.what === what ? [deed.name] : [])).join(', ')
  print(`Project ${project} of ${wish.owner}:`)
  for (const [did, word] of [
    ['made', 'made'],
    ['found', 'was there'],
  ] as const)
    for (const what of ['project', 'column', 'field'])
      if (names(did, what) !== '') print(`  ${word}: ${what} ${names(did, what)}`)
  const where = named.length === 0 ? 'each repository that is to show there' : list(named)
  print(`Next, in .github/yardmaster.yml of ${where}:`)
  print()
  for (const line of lines) print(line)
  print()
  print('What is at work already shows there after: yardmaster board sync')
}

const list = (repositories: readonly RepoRef[]): string => repositories.map(slug).join(', ')

/** Only columns that are not called as by default are named. */
function settingsLines(project: number, columns: BoardSettings['columns']): readonly string[] {
  const other = (key: ColumnKey): boolean => columns[key] !== COLUMN_NAMES[key]
  const named = COLUMN_KEYS.filter(other).map(
    (key) => `    ${key}: ${JSON.stringify(columns[key])}`,
  )
  return ['board:', `  project: ${project}`, ...(named.length === 0 ? [] : ['  status:', ...named])]
}

function explain({ kind, message }: WorldFault, { owner, project }: InitWish): string {
  if (kind !== 'forbidden' && kind !== 'not-found') return message
  const what = project === null ? `the projects of ${owner}` : `project ${project} of ${owner}`
  return [
    `GitHub does not let the App change ${what}: ${message}`,
    `If ${owner} is an organisation: grant the App “Projects: read and write” among its organisation permissions, and accept that in the installation.`,
    `If ${owner} is a person: no App can see their projects. Set YARDMASTER_BOARD_TOKEN to a classic token of theirs with the scope project, or do without: labels show the same.`,
  ].join('\n')
}
