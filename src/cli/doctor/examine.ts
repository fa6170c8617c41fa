/** The whole examination: everything is looked at side by side, then judged in the order in which a person would mend it. */
import { readOperatorSettings } from '../../policy/operator-file.ts'
import type { OperatorSettings, Profile } from '../../domain/settings.ts'
import { readOperatorFile } from '../load-settings.ts'
import type { LoadedEnvironment, OperatorFile } from '../load-settings.ts'
import { VERSION } from '../../system/version.ts'
import { judgeCredentials, judgeWebhook } from './judge-app.ts'
import { judgeGit, judgeNode, judgeProfile } from './judge-host.ts'
import type { ProfileFacts } from './judge-host.ts'
import { judgeJail } from './judge-jail.ts'
import { judgeRepository } from './judge-repository.ts'
import { judgeEnvironment, judgeOperatorFile } from './judge-settings.ts'
import { judgeFolder, judgeLedgers, judgeStore } from './judge-store.ts'
import { warn } from './line.ts'
import type { Line } from './line.ts'
import { lookAtGitHub } from './look-at-github.ts'
import type { GitHubFacts } from './look-at-github.ts'
import { lookAtFolder, lookAtGit, lookAtJail, lookAtProfile } from './look-at-host.ts'
import { lookAtPrograms } from './look-at-programs.ts'
import type { ProgramFacts } from './look-at-programs.ts'
import { lookAtStore } from './look-at-store.ts'

export async function examine(
  { environment, problems }: LoadedEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly Line[]> {
  const { configFile, dataFolder, apiUrl } = environment
  const file = readOperatorFile(configFile)
  const operator = settingsOf(file)
  const profiles = Object.values(operator.profiles)
  const [git, store, mode, jail, profileFacts, programs, github] = await Promise.all([
    lookAtGit(),
    lookAtStore(environment),
    lookAtFolder(dataFolder),
    lookAtJail(operator, dataFolder, variables),
    Promise.all(
      profiles.map((profile) =>
        lookAtProfile(profile, profile.name === operator.defaultProfile, variables),
      ),
    ),
    lookAtPrograms(operator, dataFolder, variables),
    lookAtGitHub(environment, operator.repositories),
  ])
  return [
    judgeNode(process.version),
    judgeGit(git),
    ...judgeEnvironment(problems),
    ...judgeOperatorFile(configFile, file),
    judgeStore(store, dataFolder, VERSION),
    ...judgeLedgers(store),
    ...judgeFolder(mode, dataFolder),
    judgeJail(jail, profiles),
    ...(file.kind === 'ready'
      ? profileFacts.map((facts) =>
          judgeProfile({ ...facts, ...programsOf(facts.profile, programs) }),
        )
      : []),
    ...judgeGitHub(github, apiUrl),
  ]
}

const programsOf = (
  { name }: Profile,
  { missing, probed }: ProgramFacts,
): Pick<ProfileFacts, 'missing' | 'probed'> => ({
  missing: missing.get(name) ?? null,
  probed: probed.get(name) ?? null,
})

function judgeGitHub(github: GitHubFacts, apiUrl: string): readonly Line[] {
  const { credentials, webhook, repositories, further } = github
  const lines = [...judgeCredentials(credentials, apiUrl)]
  if (credentials.kind !== 'accepted') return lines
  lines.push(
    ...(webhook === null
      ? [warn('webhook', 'GitHub did not tell how it is set', null)]
      : judgeWebhook(webhook)),
  )
  if (repositories.length === 0) {
    lines.push(
      warn(
        'repositories',
        'the App is installed on none that is served',
        'Install it on one, from its page on GitHub.',
      ),
    )
  }
  lines.push(...repositories.flatMap(judgeRepository))
  if (further > 0) lines.push(warn('repositories', `${further} more were not looked at`, null))
  return lines
}

/** With a broken file the rest is judged by the defaults: one mistake must not hide the others. */
function settingsOf(file: OperatorFile): OperatorSettings {
  if (file.kind === 'ready') return file.settings
  const reading = readOperatorSettings(null)
  if (reading.kind === 'ready') return reading.settings
  throw new Error('the default settings are broken')
}
