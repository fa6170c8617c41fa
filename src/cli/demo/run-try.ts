/** Runs Yardmaster over a copy of a person's own repository, on a GitHub of their own. The original is only read. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { detectCommands } from '../../policy/detect-commands.ts'
import { secrets } from '../known-secrets.ts'
import { exampleRepoFile } from '../../render/example-file.ts'
import { createLog } from '../../system/log.ts'
import { CommandEnd, EXIT } from '../exit.ts'
import { describeProblem, loadEnvironment, readOperatorFile } from '../load-settings.ts'
import { startLocalWorld } from '../local-world.ts'
import type { LocalWorld } from '../local-world.ts'
import { probeProfiles } from '../probe-profiles.ts'
import { complain, oneLine, paint, print } from '../terminal.ts'
import { listenForStop, untilStopped } from '../until-stopped.ts'
import { askControl } from '../../web/ask-control.ts'
import { controlPath } from '../../web/control-path.ts'
import { follow } from './follow.ts'
import { MAINTAINER } from './seed.ts'

export interface TryOptions {
  readonly port: number
}

const CONFIG_FILE = '.github/yardmaster.yml'

export async function runTry(source: string, options: TryOptions): Promise<number> {
  const original = resolve(source)
  if (!existsSync(original) || !statSync(original).isDirectory()) {
    throw new CommandEnd(`There is no folder at ${original}.`, EXIT.usage)
  }
  const { environment } = loadEnvironment(process.cwd())
  const operator = readOperatorFile(environment.configFile)
  if (operator.kind === 'broken') {
    throw new CommandEnd(
      operator.problems
        .map((problem) => describeProblem(environment.configFile, problem))
        .join('\n'),
      EXIT.wrong,
    )
  }
  const wish = listenForStop()
  print('Starting a GitHub of your own, and copying your repository into it …')
  const folder = mkdtempSync(join(tmpdir(), 'yardmaster-try-'))
  const opened: { world?: LocalWorld } = {}
  const stop = async (): Promise<void> => {
    await opened.world?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const log = createLog(process.env['LOG_LEVEL'] ?? 'warn', undefined, secrets)
    const world = await startLocalWorld({
      folder,
      operator: operator.settings,
      port: options.port,
      log,
      environment: process.env,
    })
    opened.world = world
    const repo = await copyIn(world, original)
    const reading = (): ReturnType<typeof askControl> => askControl(controlPath(world.dataFolder))
    const following = follow(reading, (news) =>
      print(`${paint(news.step.padEnd(14), 'bold')}#${news.number}: ${oneLine(news.text)}`),
    )
    const profile = operator.settings.profiles[operator.settings.defaultProfile]
    tell({
      url: world.emulator.url,
      repo,
      builtin: profile?.command === 'builtin:patch',
      profile: profile?.name ?? '',
    })
    // Only the profile that is about to be tried: the others are for `doctor`.
    const stopping = new AbortController()
    const probing = probeProfiles(
      world.yardmaster().programs,
      { profiles: profile === undefined ? {} : { [profile.name]: profile } },
      { log, signal: stopping.signal, say: complain },
    )
    return await untilStopped(
      async () => {
        stopping.abort()
        await probing
        await following.stop()
        await stop()
      },
      { stopping: 'Stopping; the copy is deleted, your own repository was only read.' },
      wish,
    )
  } catch (error) {
    await stop()
    throw error
  }
}

/** The name of the copy. Without a settings file the proposed one is committed there, and there only. */
async function copyIn({ emulator, app }: LocalWorld, original: string): Promise<string> {
  const name = basename(original).replaceAll(/[^\w.-]/g, '-') || 'repository'
  const repo = `${MAINTAINER}/${name}`
  emulator.createUser({ login: MAINTAINER, name: 'Ana' })
  const from = existsSync(join(original, '.git')) ? { fromGit: original } : { fromFolder: original }
  const { defaultBranch } = await emulator.createRepository({ owner: MAINTAINER, name, ...from })
  if (!existsSync(join(original, CONFIG_FILE))) {
    const text = exampleRepoFile({
      agent: null,
      ...detectCommands({
        has: (file) => existsSync(join(original, file)),
        text: (file) =>
          existsSync(join(original, file)) ? readFileSync(join(original, file), 'utf8') : null,
      }),
    })
    await emulator.pushFiles({
      repo,
      as: MAINTAINER,
      branch: defaultBranch,
      files: { [CONFIG_FILE]: text },
      message: 'Configure Yardmaster',
    })
    print(`There is no ${CONFIG_FILE} yet, so this one was committed to the copy:`)
    print()
    for (const line of text.trimEnd().split('\n')) print(`    ${oneLine(line)}`)
    print()
  }
  emulator.install(app, [repo])
  return repo
}

function tell(told: {
  readonly url: string
  readonly repo: string
  readonly builtin: boolean
  readonly profile: string
}): void {
  print(paint(`A copy of your repository is at ${told.url}/${told.repo}`, 'bold'))
  print()
  print(`  1. Open an issue          ${paint(`${told.url}/${told.repo}/issues/new`, 'cyan')}`)
  print('  2. Give it the label `yardmaster`, and watch it here and there.')
  print(`  3. Read and merge its PR  ${paint(`${told.url}/${told.repo}/pulls`, 'cyan')}`)
  print()
  if (told.builtin) {
    print(
      'The agent is scripted (builtin:patch): write the change into the issue as a ```diff block.',
    )
    print(
      'For an agent of your own, name it in yardmaster.config.yml in this folder; see docs/guide.md.',
    )
  } else {
    print(`The agent is your profile ${told.profile}.`)
  }
  print('Ctrl+C ends it. Nothing leaves this machine but what your agent itself sends.')
  print()
}
