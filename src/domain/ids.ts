/**
 * Names of things, as branded types: a repository id cannot be passed where an issue id is meant.
 * Everything is keyed on GitHub's numeric ids, because names can be re-registered by others (T14).
 */
declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type RepoId = Brand<number, 'RepoId'>
export type IssueId = Brand<number, 'IssueId'>
export type InstallationId = Brand<number, 'InstallationId'>
/** `<repo id>-<issue id>`: safe as a file name. */
export type TaskId = Brand<string, 'TaskId'>
/** `<task id>.<n>`: safe as a file name. */
export type AttemptId = Brand<string, 'AttemptId'>
/** A full 40-digit git object id. */
export type Sha = Brand<string, 'Sha'>
/** Milliseconds since 1970, UTC. */
export type Instant = Brand<number, 'Instant'>
/** Milliseconds by the monotonic clock of this process: no jump of the wall clock moves it, and no other process understands it. */
export type Steady = Brand<number, 'Steady'>
/** The deterministic key of one act: performing it twice must be visible once. */
export type ActKey = Brand<string, 'ActKey'>

export const repoId = (value: number): RepoId => value as RepoId
export const issueId = (value: number): IssueId => value as IssueId
export const installationId = (value: number): InstallationId => value as InstallationId
export const instant = (milliseconds: number): Instant => milliseconds as Instant
export const steady = (milliseconds: number): Steady => milliseconds as Steady
/** Before anything that is still waited for. */
export const LONG_AGO = steady(-Infinity)
export const actKey = (value: string): ActKey => value as ActKey

export const taskId = (repo: RepoId, issue: IssueId): TaskId => `${repo}-${issue}` as TaskId
export const attemptId = (task: TaskId, n: number): AttemptId => `${task}.${n}` as AttemptId

/** Throws on anything but 40 hexadecimal digits: a SHA from outside ends up in git's arguments. */
export function sha(value: string): Sha {
  if (!/^[0-9a-f]{40}$/.test(value))
    throw new Error(`not a full git object id: ${value.slice(0, 60)}`)
  return value as Sha
}

/** The seven digits that people know a commit by. */
export const shortSha = (value: Sha): string => value.slice(0, 7)

export const later = (at: Instant, milliseconds: number): Instant => instant(at + milliseconds)
