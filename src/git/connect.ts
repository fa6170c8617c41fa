/**
 * How a call reaches the remote: its address, the one protocol that it may use, and the credential on a pipe that
 * git's own helper reads once, for that origin only.
 */
import type { RepoRef } from '../domain/repository.ts'
import type { GitRemote } from '../ports/git.ts'
import { isRefusedCredential } from './git-fault.ts'
import type { GitResult } from './run.ts'

export interface Connection {
  readonly url: string
  readonly config: readonly string[]
  readonly secret?: string
  readonly password?: string
}

/** Git appends the operation (`get`, `store`, `erase`) as an argument. The pipe is empty after the first `get`. */
const HELPER = '!f() { if test "$1" = get; then cat <&3; fi; }; f'

export async function connect(
  remote: GitRemote,
  repo: RepoRef,
  access: 'read' | 'write',
): Promise<Connection> {
  const url = new URL(remote.url(repo))
  const scheme = url.protocol.slice(0, -1)
  if (url.username !== '' || url.password !== '')
    throw new Error('the address of a remote carries no credentials')
  if (scheme === 'file') return { url: url.href, config: ['protocol.file.allow=always'] }
  if (scheme !== 'https' && scheme !== 'http')
    throw new Error(`remotes are reached by https, not by ${scheme}`)
  const { username, password } = await remote.credential(repo, access)
  return {
    url: url.href,
    config: [
      `protocol.${scheme}.allow=always`,
      // Scoped, so that a redirect to another host is asked for a credential that it does not get (T40).
      `credential.${url.origin}.helper=${HELPER}`,
      // Ten seconds in which less than a hundred bytes a second come through are a dead line.
      'http.lowSpeedLimit=100',
      'http.lowSpeedTime=10',
    ],
    secret: credentialLines(username, password),
    password,
  }
}

/** One call to the remote, made again, once, with another credential where the first was not accepted: nothing came of it then. */
export async function reach(
  remote: GitRemote,
  to: { readonly repo: RepoRef; readonly access: 'read' | 'write' },
  call: (connection: Connection) => Promise<GitResult>,
): Promise<GitResult> {
  const { repo, access } = to
  const first = await connect(remote, repo, access)
  const result = await call(first)
  if (first.password === undefined || !isRefusedCredential(result)) return result
  const again = await remote.refused(repo, access, first.password)
  return again ? await call(await connect(remote, repo, access)) : result
}

/** A line break would let one value speak for another in git's credential protocol. */
function credentialLines(username: string, password: string): string {
  if (/[\r\n\0]/.test(username + password)) throw new Error('a credential is one line')
  return `username=${username}\npassword=${password}\n`
}

const FORBIDDEN = ['..', '@{', '//', '/.', '.lock/']

/**
 * `refs/heads/<branch>`, or an error of ours: branch names are made by the product from numbers, or read from
 * GitHub, and end in a refspec, where `:` and `*` and a leading `+` have a meaning.
 */
export function branchRef(branch: string): string {
  const fits =
    // oxlint-disable-next-line no-control-regex
    /^[^\s\u0000-\u001F\u007F~^:?*[\\]+$/.test(branch) &&
    !/^[-+/.]|[/.]$|\.lock$/.test(branch) &&
    !FORBIDDEN.some((part) => branch.includes(part))
  if (!fits) throw new Error(`not a branch name: ${branch.slice(0, 60)}`)
  return `refs/heads/${branch}`
}
