/** The pull request that proposes a settings file: what was found, what became of it when it was tried, and how to say no. */
import type { CommandResult } from '../domain/attempt.ts'
import { shortSha } from '../domain/ids.ts'
import type { Sha } from '../domain/ids.ts'
import { CONFIG_PATH } from './config-path.ts'
import { folded } from './details.ts'
import { sayResult } from './evidence.ts'
import { exampleRepoFile } from './example-file.ts'
import { fit } from './fit.ts'
import { code, htmlCode } from './inline.ts'
import { plainLine } from './plain.ts'

export const SETUP_TITLE = 'Configure Yardmaster'

export interface Proposal {
  readonly setup: readonly string[]
  readonly verify: readonly string[]
}

export interface Tried {
  readonly setup: readonly CommandResult[]
  readonly verify: readonly CommandResult[]
}

export interface OnboardingView {
  readonly proposal: Proposal
  /** Of the default branch. */
  readonly head: Sha
  /** Words: why the commands were not tried. */
  readonly tried: Tried | string
  readonly caps: {
    readonly total: number
    readonly perRepository: number
    readonly perActorDay: number
  }
  readonly profiles: readonly string[]
  readonly defaultProfile: string
}

/** The settings file, each line with what it means. */
export const proposedFile = ({ setup, verify }: Proposal): string =>
  [
    '# How Yardmaster works here. It takes effect once this file is on the default branch; until then nothing starts.',
    '# Everything has a default, and may be left out.',
    '',
    exampleRepoFile({ agent: null, setup, verify }),
  ].join('\n')

/** Markdown. */
export function onboardingBody(view: OnboardingView): string {
  const { proposal, tried, caps, profiles, defaultProfile } = view
  const found = proposal.setup.length + proposal.verify.length > 0
  const results = typeof tried === 'string' ? [] : [...tried.setup, ...tried.verify]
  return fit([
    {
      text: `Yardmaster was installed here, and starts nothing before ${code(CONFIG_PATH)} says how. This is a proposal: edit it on this branch as you like, and merge it.`,
      keep: 9,
    },
    { text: `### What was found\n\n${found ? foundWords(proposal) : NOTHING_FOUND}`, keep: 8 },
    ...(found ? [{ text: `### Tried\n\n${triedWords(view)}`, keep: 8 }] : []),
    ...results.map((result) => ({
      text: folded(`Output of ${htmlCode(result.command)}`, result.output, 4_000),
      keep: 1,
    })),
    {
      text: [
        '### What bounds it',
        '',
        `- Of this host: ${caps.total} attempts at once over all repositories, ${caps.perRepository} in one, and ${caps.perActorDay} a day for each person.`,
        '- Of this file: `limits`, as it stands there. The smaller one counts.',
        `- Profiles that the labels may name: ${profiles.map((name) => code(`yardmaster:${name}`)).join(', ')}; ${code('yardmaster')} alone means ${code(defaultProfile)}.`,
      ].join('\n'),
      keep: 6,
    },
    {
      text: '### Then\n\nLabel an issue `yardmaster`. Work is verified by these commands before anything is pushed, and a person merges it. To decline, close this pull request: it is not opened again.',
      keep: 7,
    },
  ])
}

const NOTHING_FOUND =
  'Nothing that Yardmaster knows: no commands are proposed. Write your own into `setup` and `verify`; without `verify` work is pushed unchecked.'

function foundWords({ setup, verify }: Proposal): string {
  const said = (what: string, commands: readonly string[]): string =>
    `- ${code(what)}: ${commands.length === 0 ? 'nothing' : commands.map(code).join(', then ')}`
  return [said('setup', setup), said('verify', verify)].join('\n')
}

function triedWords({ tried, head, proposal }: OnboardingView): string {
  if (typeof tried === 'string') return `The commands were not tried: ${plainLine(tried)}.`
  const results = [...tried.setup, ...tried.verify]
  const left = proposal.setup.length + proposal.verify.length - results.length
  const lines = results.map((result) => `- ${sayResult(result, head)}.`)
  return [
    `In the place where agents will work, on ${shortSha(head)}:`,
    '',
    ...lines,
    ...(left > 0 ? [`- The rest was not run any more.`] : []),
  ].join('\n')
}
