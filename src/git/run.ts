/**
 * The one door through which every call of trusted git passes. It runs with a fixed environment, on a bare
 * repository of ours named by `--git-dir`, with everything switched off by which a repository could start a
 * program. **It never runs inside a directory that an agent can write.**
 */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'

export interface GitProgram {
  /** The value of PATH by which git and its own helpers are found. */
  readonly path: string
  /** What the operator's network needs, such as `HTTPS_PROXY` or `SSL_CERT_FILE`; nothing else of the environment is passed on. */
  readonly network: Readonly<Record<string, string>>
}

export interface GitCall {
  /** A bare repository that only trusted git has ever written. */
  readonly repository: string
  readonly args: readonly string[]
  /** Further `key=value` settings for this call. */
  readonly config?: readonly string[]
  readonly input?: Readable
  /** Written to file descriptor 3 and nowhere else: never an argument, a variable or a file (T20). */
  readonly secret?: string
  /** Milliseconds; default a minute, which no local call came near to. */
  readonly timeout?: number
  /** Output kept; beyond it the call is stopped and `cut` is set. Default 1 MiB. */
  readonly maxBytes?: number
  /** Bounds the memory of calls that look at an agent's objects: a few kilobytes can unfold to gigabytes. */
  readonly hostile?: boolean
}

export interface GitResult {
  /** Null when it was stopped, or could not be started. */
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
  /** It gave more than `maxBytes`. */
  readonly cut: boolean
  readonly late: boolean
  /** Why it could not be started at all, such as `ENOENT`. */
  readonly unstarted: string | null
}

export type RunGit = (call: GitCall) => Promise<GitResult>

const MINUTE = 60_000
const MEBIBYTE = 1024 * 1024
/** Bytes of data segment. A diff of 100,000 files stays below 200 MB; a tree that unfolds to ten million does not. */
const HOSTILE_MEMORY = 512 * MEBIBYTE
/** Between asking a late git to stop, so that it removes its lock files, and killing it. */
const GRACE = 2000

const SETTINGS = [
  'safe.bareRepository=explicit',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.askPass=',
  'core.sshCommand=false',
  'core.pager=cat',
  'core.quotePath=false',
  // A file larger than that is streamed and counts as binary, so that its size is not our memory.
  'core.bigFileThreshold=32m',
  'credential.helper=',
  'transfer.fsckObjects=true',
  'transfer.credentialsInUrl=die',
  // Loose objects of a fetch that was cut off would look complete; a pack appears whole or not at all.
  'transfer.unpackLimit=1',
  'protocol.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'push.recurseSubmodules=no',
  // Each thread of index-pack holds objects of its own; on a machine of many cores that is many.
  'pack.threads=2',
  'gc.auto=0',
  'maintenance.auto=false',
]

export function gitRunner({ path, network }: GitProgram): RunGit {
  const env = {
    ...network,
    PATH: path,
    // Not unset: without HOME, curl would find the operator's ~/.netrc by the user database.
    HOME: '/nonexistent',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    // A path is itself: `*` and `:(…)` are letters in it.
    GIT_LITERAL_PATHSPECS: '1',
  }
  let limiter = true
  return async (call) => {
    const argv = ['git', ...gitArguments(call)]
    if (call.hostile === true && limiter) {
      const result = await start(['prlimit', `--data=${HOSTILE_MEMORY}`, ...argv], env, call)
      if (result.unstarted !== 'ENOENT') return result
      // No util-linux here: the time limit and the cap on output remain.
      limiter = false
    }
    return await start(argv, env, call)
  }
}

const gitArguments = ({ repository, args, config = [] }: GitCall): readonly string[] => [
  `--git-dir=${repository}`,
  ...[...SETTINGS, ...config].flatMap((setting) => ['-c', setting]),
  ...args,
]

async function start(
  [program = '', ...args]: readonly string[],
  env: Record<string, string>,
  { input, secret, timeout = MINUTE, maxBytes = MEBIBYTE }: GitCall,
): Promise<GitResult> {
  const child = execa(program, args, {
    env,
    extendEnv: false,
    cwd: '/',
    // A group of its own, so that the time limit ends git's helpers as well.
    detached: true,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: { stdout: maxBytes, stderr: MEBIBYTE },
    stdio: [
      input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      ...(secret === undefined ? [] : (['pipe'] as const)),
    ],
  })
  // A git that ends without having read all closes its side; its exit code tells why.
  if (input !== undefined && child.stdin !== null) void pipeline(input, child.stdin).catch(() => {})
  const extra = child.stdio[3]
  if (secret !== undefined && extra !== undefined && extra !== null && 'end' in extra) {
    extra.on('error', () => {})
    extra.end(secret)
  }
  const limit = endGroup(child.pid, timeout)
  const result = await child
  limit.clear()
  return {
    code: result.exitCode ?? null,
    stdout: Buffer.from(result.stdout ?? []),
    stderr: Buffer.from(result.stderr ?? []).toString('utf8'),
    cut: result.isMaxBuffer,
    late: limit.reached(),
    unstarted: child.pid === undefined ? (result.code ?? 'unknown') : null,
  }
}

interface Limit {
  reached(): boolean
  clear(): void
}

function endGroup(pid: number | undefined, timeout: number): Limit {
  let reached = false
  const signal = (name: NodeJS.Signals): void => {
    if (pid === undefined) return
    try {
      process.kill(-pid, name)
    } catch {
      // The group is gone already.
    }
  }
  const ask = setTimeout(() => {
    reached = true
    signal('SIGTERM')
  }, timeout)
  const kill = setTimeout(() => signal('SIGKILL'), timeout + GRACE)
  return {
    reached: () => reached,
    clear: () => {
      clearTimeout(ask)
      clearTimeout(kill)
    },
  }
}
