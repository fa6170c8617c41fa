/** A process that executes attempts: what it takes, how much at a time, and whether it is of our time. */
import type { RepoId } from './ids.ts'
import type { JailKind } from './settings.ts'

/** What a runner takes; null: any. */
export interface RunnerLabels {
  readonly tiers: readonly string[] | null
  /** Names of profiles. A runner names those that it knows, for it alone has their programs. */
  readonly profiles: readonly string[] | null
  /** Numeric ids, or `owner/name`. */
  readonly repositories: readonly (number | string)[] | null
}

export interface Runner {
  /** Unique to one life of one process: what an earlier life held is not this one's. */
  readonly id: string
  readonly labels: RunnerLabels
  /** Attempts at the same time. */
  readonly capacity: number
  /** Of the program, such as `0.1.0`. */
  readonly version: string
  /** What wraps its agents; shown where it is `none`. */
  readonly jail: JailKind
  /** Answers to it are sealed for this key; null: it asks for nothing. */
  readonly publicKey: string | null
}

/** What a runner would take. */
export interface Work {
  readonly profile: string
  readonly tier: string | null
  readonly repo: RepoId
  /** Null: not known; then only numeric ids can match. */
  readonly address: { readonly owner: string; readonly name: string } | null
}

/** The oldest program that still understands what this one writes; raised with a change that it would not. */
export const OLDEST_RUNNER = '0.1.0'

export function takes({ labels }: Pick<Runner, 'labels'>, work: Work): boolean {
  if (labels.profiles !== null && !labels.profiles.includes(work.profile)) return false
  if (labels.tiers !== null && (work.tier === null || !labels.tiers.includes(work.tier)))
    return false
  return labels.repositories === null || labels.repositories.some((one) => isThat(one, work))
}

/** GitHub's names know no case. */
function isThat(label: number | string, { repo, address }: Work): boolean {
  if (typeof label === 'number') return label === Number(repo)
  return (
    address !== null && label.toLowerCase() === `${address.owner}/${address.name}`.toLowerCase()
  )
}

export function isTooOld(version: string, oldest = OLDEST_RUNNER): boolean {
  const numbers = (text: string) => text.split(/[.-]/, 3).map((part) => Number(part) || 0)
  const [is, least] = [numbers(version), numbers(oldest)]
  for (const n of [0, 1, 2]) {
    const difference = (is[n] ?? 0) - (least[n] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The name that people gave it, without what makes its life unique. */
export const runnerName = (id: string): string => id.split('#')[0] ?? id
