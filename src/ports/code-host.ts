/** Pull requests on the host of the code. Every method may throw `WorldFault`. */
import type { Deadline } from '../domain/deadline.ts'
import type { Sha, Steady } from '../domain/ids.ts'
import type { PullNow } from '../domain/pull-now.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { PullRef } from '../domain/task.ts'

export interface PullWanted {
  readonly branch: string
  readonly base: string
  readonly head: Sha
  readonly title: string
  readonly body: string
  readonly draft: boolean
  /** The write must not go out later: another process may have taken it over. */
  readonly notAfter: Deadline
}

export interface FileProposed {
  readonly branch: string
  /** Where the branch begins. */
  readonly base: Sha
  readonly path: string
  readonly text: string
  readonly message: string
  readonly notAfter: Deadline
}

export interface PullView extends PullRef {
  readonly state: 'open' | 'closed'
  readonly merged: boolean
}

/** The words of one review, by one author. */
export interface ReviewWords {
  /** The review's own text; empty: it has none. */
  readonly text: string
  readonly comments: readonly {
    readonly id: number
    readonly path: string
    /** In the file as it was looked at; null: the whole file. */
    readonly line: number | null
    readonly text: string
  }[]
}

export interface ReviewAsked {
  /** Logins of the people who are asked for a look. */
  readonly reviewers: readonly string[]
  /** The text of the CODEOWNERS file on the default branch; null: there is none. */
  readonly codeOwners: string | null
}

export interface CodeHost {
  /** The branches whose names begin with `prefix` (which ends in a slash), by what follows it. */
  branches(repo: RepoRef, prefix: string): Promise<ReadonlyMap<string, Sha>>
  /** The newest pull request from that branch of this repository, whatever its state. */
  findPull(repo: RepoRef, branch: string): Promise<PullView | null>
  /** A pull request as it is now, with its checks and reviews. Null: there is none of that number. */
  pullNow(repo: RepoRef, number: number): Promise<PullNow | null>
  /** What a submitted review and its comments on lines say now. Null: it is not there any more. */
  reviewWords(
    repo: RepoRef,
    at: { readonly pull: number; readonly review: number },
  ): Promise<ReviewWords | null>
  /**
   * Replies in the thread of a review comment, or finds the reply that carries `marker`; `formerTry` as for comments.
   * Returns its id; null: the comment is gone.
   */
  replyToRemark(
    repo: RepoRef,
    to: { readonly pull: number; readonly comment: number },
    reply: {
      readonly body: string
      readonly marker: string
      readonly formerTry: Steady | null
      readonly notAfter: Deadline
    },
  ): Promise<number | null>
  /** Null: there is no such pull request. */
  reviewAsked(repo: RepoRef, pull: number): Promise<ReviewAsked | null>
  /** Asks that person for a look. False: GitHub takes no request for them. */
  requestReview(
    repo: RepoRef,
    request: { readonly pull: number; readonly login: string; readonly notAfter: Deadline },
  ): Promise<boolean>
  /** Opens a pull request, or takes the open one of that branch and sets its title and body. */
  openPull(repo: RepoRef, wanted: PullWanted): Promise<PullRef>
  /** Names of what stands at the root of that commit. */
  root(repo: RepoRef, head: Sha): Promise<readonly string[]>
  /** The text of a file; null: there is none. */
  file(repo: RepoRef, head: Sha, path: string): Promise<string | null>
  /** Makes the branch, with one new file in one commit; what a former try has made of it stays as it is. */
  proposeFile(repo: RepoRef, wanted: FileProposed): Promise<void>
}
