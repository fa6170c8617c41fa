/**
 * The git room in a process of its own. Starting a program copies the page tables of the process that starts it: 19 ms
 * of a standstill for one of 300 MB (measured), 1 ms for a small one, and each task takes a dozen calls of git.
 */
import { fork, type ChildProcess } from 'node:child_process'
import type { RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Git, GitRemote } from '../ports/git.ts'
import type { FromGitProcess, GitMethod, GitSetup, RemoteMethod, ToGitProcess } from './messages.ts'
import { faultOf, wordsOf } from './messages.ts'

export interface OwnProcessOptions extends GitSetup {
  /** The program of the process: it answers as `serveGit` does. */
  readonly entry: string
  readonly remote: GitRemote
}

export interface GitInOwnProcess {
  readonly git: Git
  /** Ends the process once nothing is under way. */
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export function gitInOwnProcess({ entry, remote, ...setup }: OwnProcessOptions): GitInOwnProcess {
  const waiting = new Map<number, Waiting>()
  let child: ChildProcess | null = null
  let next = 0

  /** Started at once, while this process is still small; anew when it has died. */
  function start(): ChildProcess {
    // No environment, no arguments, no debugging flags of ours: what it needs comes in the first message.
    const started = fork(entry, [], { env: {}, execArgv: [], serialization: 'advanced' })
    const gone = (why: string): void => {
      if (child === started) child = null
      for (const { reject } of waiting.values()) reject(lost(why))
      waiting.clear()
    }
    started.once('error', (error) => gone(error.message))
    started.once('exit', (code, signal) => gone(`it ended with ${code ?? signal}`))
    started.on('message', (message: FromGitProcess) => void hear(started, message))
    tell(started, { kind: 'setup', setup })
    return started
  }

  async function hear(from: ChildProcess, message: FromGitProcess): Promise<void> {
    if (message.kind === 'ask') {
      const { id, method, args } = message
      try {
        const answers = remote as Record<
          RemoteMethod,
          (...given: readonly unknown[]) => Promise<unknown>
        >
        tell(from, { kind: 'answer', id, value: await answers[method](...args), error: null })
      } catch (error) {
        tell(from, { kind: 'answer', id, value: null, error: wordsOf(error) })
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
    child ??= start()
    const to = child
    const id = next++
    const url = repo === null ? null : { repo: repo.id, url: remote.url(repo) }
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
    tell(to, { kind: 'call', id, method, args, url })
    return (await answer) as Awaited<ReturnType<Git[Method]>>
  }

  child = start()
  return {
    git: {
      fetch: (...args) => call('fetch', args, args[0]),
      makePair: (...args) => call('makePair', args),
      importBundle: (...args) => call('importBundle', args),
      holds: (...args) => call('holds', args),
      restore: (...args) => call('restore', args, args[0]),
      diff: (...args) => call('diff', args),
      push: (...args) => call('push', args, args[0]),
      remoteHead: (...args) => call('remoteHead', args, args[0]),
    },
    async close() {
      const ending = child
      child = null
      if (ending === null) return
      const exited = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
      ending.disconnect()
      await exited
    },
  }
}

/** A process that has just gone cannot be told anything; its end answers for it. */
function tell(to: ChildProcess, message: ToGitProcess): void {
  to.send(message, () => {})
}

const lost = (why: string): WorldFault =>
  new WorldFault(`the process of trusted git is gone: ${why}`, {
    kind: 'transient',
    applied: 'unknown',
    operation: 'git',
  })
