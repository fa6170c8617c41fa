/** What is said between the app and the process of trusted git. Values only: faults travel as their words and fields. */
import type { RepoId } from '../domain/ids.ts'
import { WorldFault } from '../ports/fault.ts'
import type { FaultFields } from '../ports/fault.ts'
import type { Git, GitRemote } from '../ports/git.ts'
import type { GitOptions } from './create-git.ts'

export type GitSetup = Omit<GitOptions, 'remote' | 'clock'>
export type GitMethod = keyof Git
export type RemoteMethod = Exclude<keyof GitRemote, 'url'>

export interface ErrorWords {
  readonly message: string
  /** Null: a fault of ours. */
  readonly fault: FaultFields | null
}

export type ToGitProcess =
  | { readonly kind: 'setup'; readonly setup: GitSetup }
  | {
      readonly kind: 'call'
      readonly id: number
      readonly method: GitMethod
      readonly args: readonly unknown[]
      /** Where the repository is today, for the calls that go there. */
      readonly url: { readonly repo: RepoId; readonly url: string } | null
    }
  /** What the remote's side of the app answers. */
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly value: unknown
      readonly error: ErrorWords | null
    }

export type FromGitProcess =
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly value: unknown
      readonly error: ErrorWords | null
    }
  /** A question to the remote's side of the app: its credentials live there. */
  | {
      readonly kind: 'ask'
      readonly id: number
      readonly method: RemoteMethod
      readonly args: readonly unknown[]
    }

export function wordsOf(error: unknown): ErrorWords {
  if (!(error instanceof WorldFault)) return { message: String(error), fault: null }
  const { kind, applied, operation, status, retryAt, message } = error
  return {
    message,
    fault: {
      kind,
      applied,
      operation,
      ...(status === null ? {} : { status }),
      ...(retryAt === null ? {} : { retryAt }),
    },
  }
}

export const faultOf = ({ message, fault }: ErrorWords): Error =>
  fault === null ? new Error(message) : new WorldFault(message, fault)
