/** What in a repository would get in Yardmaster's way: no settings, rules about signatures, other bots' commands. Facts in, lines out. */
import type { RepoPolicy } from '../../domain/settings.ts'
import { judgeBoard } from './judge-board.ts'
import type { BoardFacts } from './judge-board.ts'
import { bad, ok, warn } from './line.ts'
import type { Line } from './line.ts'

export interface RepositoryFacts {
  readonly name: string
  readonly defaultBranch: string
  readonly policy: RepoPolicy
  /** `commands: prefixed` is written already. */
  readonly prefixed: boolean
  /** Kinds of rules of rulesets on the default branch and on our own branches; null: could not be read. */
  readonly rules: { readonly base: readonly string[]; readonly ours: readonly string[] } | null
  /** The default branch is protected in some way; null: could not be read. */
  readonly isProtected: boolean | null
  /** Names at the root of the default branch; null: could not be read. */
  readonly rootNames: readonly string[] | null
  /** Null: the repository names none. */
  readonly board: BoardFacts | null
}

export function judgeRepository(facts: RepositoryFacts): readonly Line[] {
  return [
    ...judgePolicy(facts),
    ...judgeSignatures(facts),
    ...judgeBots(facts),
    ...(facts.board === null ? [] : judgeBoard(facts.name, facts.board)),
  ]
}

function judgePolicy({ name, policy, defaultBranch }: RepositoryFacts): readonly Line[] {
  switch (policy.kind) {
    case 'ready':
      return [ok(name, 'settings are in order')]
    case 'missing':
      return [
        warn(
          name,
          `has no .github/yardmaster.yml on ${defaultBranch}, so nothing runs there`,
          'Label an issue: its status comment shows the file to commit.',
        ),
      ]
    case 'broken':
      return policy.problems.map(({ line, path, message }) =>
        bad(
          name,
          '.github/yardmaster.yml has a mistake, so nothing new runs there',
          [line === null ? '' : `line ${line}: `, path === '' ? '' : `${path}: `, message].join(''),
        ),
      )
    default:
      return policy satisfies never
  }
}

/** Our commits are not signed: no key lies on a machine where agents run. */
function judgeSignatures(facts: RepositoryFacts): readonly Line[] {
  const { name, rules, isProtected, defaultBranch } = facts
  const lines: Line[] = []
  if (rules !== null && rules.ours.includes('required_signatures')) {
    lines.push(
      bad(
        name,
        'a rule wants signed commits on yardmaster/* as well, so no work can be pushed',
        'Leave yardmaster/** out of that ruleset (Settings → Rules), and merge by squash, which GitHub signs.',
      ),
    )
  } else if (rules !== null && rules.base.includes('required_signatures')) {
    lines.push(
      warn(
        name,
        `a rule wants signed commits on ${defaultBranch}`,
        'Merge by squash: GitHub signs that commit itself.',
      ),
    )
  }
  if (rules !== null && rules.ours.includes('creation')) {
    lines.push(
      bad(
        name,
        'a rule forbids to create branches named yardmaster/*',
        'Let the App bypass that ruleset, or leave yardmaster/** out of it (Settings → Rules).',
      ),
    )
  }
  if (rules === null) {
    lines.push(warn(name, 'whether rules want signed commits could not be read', LOOK))
  } else if (isProtected === true && !rules.base.includes('required_signatures')) {
    // Classic protection tells what it wants only to those who may administer.
    lines.push(
      ok(
        name,
        `${defaultBranch} is protected; whether it wants signed commits is not ours to read`,
        LOOK,
      ),
    )
  }
  return lines
}

const LOOK =
  'If Settings → Branches or Rules asks for signed commits, merge by squash: GitHub signs that.'

/** Files by which other bots that obey comments are known. */
const BOTS: readonly (readonly [file: string, bot: string])[] = [
  ['.prow.yaml', 'Prow'],
  ['.prow', 'Prow'],
  ['OWNERS', 'Prow'],
  ['bors.toml', 'bors'],
  ['triagebot.toml', 'triagebot'],
]

function judgeBots({ name, rootNames, prefixed }: RepositoryFacts): readonly Line[] {
  const found = BOTS.find(([file]) => rootNames?.includes(file))
  if (found === undefined || prefixed) return []
  const [file, bot] = found
  return [
    ok(
      name,
      `${bot} seems to obey commands here (there is ${file})`,
      'Write `commands: prefixed` in .github/yardmaster.yml, so that no command is meant for two.',
    ),
  ]
}
