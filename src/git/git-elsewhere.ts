/**
 * The git room in the small process: each task takes a dozen calls of git, and each call starts a program. Calls go
 * over as values; credentials are asked back when a call needs one.
 */
import type { RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Git, GitRemote } from '../ports/git.ts'
import type { SmallProcess } from '../ports/small-process.ts'
import type { FromGitProcess, GitMethod, GitSetup, RemoteMethod, ToGitProcess } from './messages.ts'
import { faultOf, wordsOf } from './messages.ts'

export interface ElsewhereOptions extends GitSetup {
  /** Its room `git` answers as `serveGit` does. */
  readonly process: SmallProcess
  readonly remote: GitRemote
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export function gitElsewhere({ process, remote, ...setup }: ElsewhereOptions): Git {
  const waiting = new Map<number, Waiting>()
  let next = 0

  const line = process.room<ToGitProcess, FromGitProcess>('git', {
    greeting: { kind: 'setup', setup },
    hear: (message) => void hear(message),
    gone: (why) => {
      for (const { reject } of waiting.values()) reject(lost(why))
      waiting.clear()
    },
  })

  async function hear(message: FromGitProcess): Promise<void> {
    if (message.kind === 'ask') {
      const { id, method, args } = message
      try {
        const answers = remote as Record<
          RemoteMethod,
          (...given: readonly unknown[]) => Promise<unknown>
        >
        line.tell({ kind: 'answer', id, value: await answers[method](...args), error: null })
      } catch (error) {
        line.tell({ kind: 'answer', id, value: null, error: wordsOf(error) })
      }
      return
    }
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === null) asked?.resolve(message.value)
    else asked?.reject(faultOf(message.error))
  }

  async function call<Method extends GitMethod>(
    method: Method,
    args: Parameters<Git[Method]>,
    repo: RepoRef | null = null,
  ): Promise<Awaited<ReturnType<Git[Method]>>> {
    const id = next++
    const url = repo === null ? null : { repo: repo.id, url: remote.url(repo) }
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
    line.tell({ kind: 'call', id, method, args, url })
    return (await answer) as Awaited<ReturnType<Git[Method]>>
  }

  return {
    fetch: (...args) => call('fetch', args, args[0]),
    makePair: (...args) => call('makePair', args),
    importBundle: (...args) => call('importBundle', args),
    merge: (...args) => call('merge', args, args[0]),
    conflictMarkers: (...args) => call('conflictMarkers', args),
    changes: (...args) => call('changes', args),
    diff: (...args) => call('diff', args),
    approved: (...args) => call('approved', args, args[0]),
    fileAt: (...args) => call('fileAt', args, args[0]),
    outgoing: (...args) => call('outgoing', args),
    push: (...args) => call('push', args, args[0]),
    remoteHead: (...args) => call('remoteHead', args, args[0]),
    holds: (...args) => call('holds', args),
    restore: (...args) => call('restore', args, args[0]),
  }
}

const lost = (why: string): WorldFault =>
  new WorldFault(`the process of trusted git is gone: ${why}`, {
    kind: 'transient',
    applied: 'unknown',
    operation: 'git',
  })
