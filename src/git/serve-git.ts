/** The other end of `git-elsewhere`: performs the calls that come, several at a time, and asks the remote's side back. */
import type { Clock } from '../ports/clock.ts'
import type { Git, GitRemote } from '../ports/git.ts'
import { createGit } from './create-git.ts'
import { faultOf, wordsOf } from './messages.ts'
import type { FromGitProcess, GitMethod, RemoteMethod, ToGitProcess } from './messages.ts'

export interface Line {
  /** Says something to the app. */
  readonly send: (message: FromGitProcess) => void
  readonly clock: Clock
}

type Answer = Extract<ToGitProcess, { kind: 'answer' }>

/** Gives the ear to which the app's messages go. */
export function serveGit({ send, clock }: Line): (message: ToGitProcess) => Promise<void> {
  const urls = new Map<number, string>()
  const asked = new Map<number, (answer: Answer) => void>()
  let next = 0
  let git: Git | null = null

  async function ask<Method extends RemoteMethod>(
    method: Method,
    args: Parameters<GitRemote[Method]>,
  ): Promise<Awaited<ReturnType<GitRemote[Method]>>> {
    const id = next++
    send({ kind: 'ask', id, method, args })
    const answer = await new Promise<Answer>((resolve) => asked.set(id, resolve))
    if (answer.error !== null) throw faultOf(answer.error)
    return answer.value as Awaited<ReturnType<GitRemote[Method]>>
  }
  const remote: GitRemote = {
    url: (repo) => urls.get(repo.id) ?? '',
    credential: (...args) => ask('credential', args),
    refused: (...args) => ask('refused', args),
  }

  return async (message) => {
    switch (message.kind) {
      case 'setup':
        git = createGit({ ...message.setup, remote, clock })
        return
      case 'answer':
        asked.get(message.id)?.(message)
        asked.delete(message.id)
        return
      case 'call': {
        const { id, method, args, url } = message
        if (url !== null) urls.set(url.repo, url.url)
        try {
          if (git === null) throw new Error('the setup comes first')
          const calls = git as Record<GitMethod, (...given: readonly unknown[]) => Promise<unknown>>
          send({ kind: 'answer', id, value: await calls[method](...args), error: null })
        } catch (error) {
          send({ kind: 'answer', id, value: null, error: wordsOf(error) })
        }
        return
      }
      default:
        return message satisfies never
    }
  }
}
