/** Pull requests on the host of the code. Every method may throw `WorldFault`. */
import type { Deadline } from '../domain/deadline.ts'
import type { Sha } from '../domain/ids.ts'
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

export interface PullView extends PullRef {
  readonly state: 'open' | 'closed'
  readonly merged: boolean
}

export interface CodeHost {
  /** The branches whose names begin with `prefix` (which ends in a slash), by what follows it. */
  branches(repo: RepoRef, prefix: string): Promise<ReadonlyMap<string, Sha>>
  /** The newest pull request from that branch of this repository, whatever its state. */
  findPull(repo: RepoRef, branch: string): Promise<PullView | null>
  /** Opens a pull request, or takes the open one of that branch and sets its title and body. */
  openPull(repo: RepoRef, wanted: PullWanted): Promise<PullRef>
}
