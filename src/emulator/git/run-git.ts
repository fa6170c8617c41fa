// The one place that runs git for the emulator's own bare repositories (not for clients' pushes,
// see smart-http.ts). Bounded in time and output; configuration of the machine is ignored.
import { spawnElsewhere } from './spawn-elsewhere.ts'

export const GIT_ENV: Readonly<Record<string, string>> = {
  // A fixed search path: what the emulator runs must not depend on who started it.
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/run/current-system/sw/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C.UTF-8',
}

export class GitError extends Error {
  override readonly name = 'GitError'
  readonly code: number
  readonly stdout: string
  constructor(given: {
    readonly args: readonly string[]
    code: number
    stdout: string
    stderr: string
  }) {
    super(`git ${given.args.join(' ')} exited with ${given.code}: ${given.stderr.trim()}`)
    this.code = given.code
    this.stdout = given.stdout
  }
}

export type GitOptions = {
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  /** Exit codes that are answers, not errors; 0 is always one. */
  readonly codes?: readonly number[]
}

/** Runs git in `dir` and gives its output as bytes; throws GitError on other exit codes. */
export async function gitBytes(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<{ readonly code: number; readonly stdout: Buffer }> {
  const env = { ...GIT_ENV, ...options.env }
  const { code, stdout, stderr } = await spawnElsewhere({ dir, args, env, input: options.input })
  if (code === 0 || options.codes?.includes(code)) return { code, stdout }
  throw new GitError({ args, code, stdout: stdout.toString(), stderr: stderr.toString() })
}

/** As gitBytes, for text output; the last newline is cut. */
export async function git(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const { stdout } = await gitBytes(dir, args, options)
  return stdout.toString().replace(/\n$/, '')
}
