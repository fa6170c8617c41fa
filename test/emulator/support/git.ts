// A real git client in folders of its own, without the machine's configuration.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

const ENV = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ben',
  GIT_AUTHOR_EMAIL: 'ben@example.test',
  GIT_COMMITTER_NAME: 'Ben',
  GIT_COMMITTER_EMAIL: 'ben@example.test',
}

export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], { cwd, env: ENV, timeout: 20_000 })
  return stdout.trim()
}

/** Gives git something to read. */
export async function gitReads(
  cwd: string,
  input: string,
  ...args: readonly string[]
): Promise<void> {
  const running = run('git', [...args], { cwd, env: ENV, timeout: 20_000 })
  running.child.stdin?.end(input)
  await running
}

/** What git says when it fails; a success is an error of the test. */
export async function gitFails(cwd: string, ...args: readonly string[]): Promise<string> {
  const outcome = await run('git', [...args], { cwd, env: ENV, timeout: 20_000 }).then(
    () => null,
    (error: { stderr: string }) => error.stderr,
  )
  if (outcome === null) throw new Error(`git ${args.join(' ')} succeeded`)
  return outcome
}

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'emulator-git-'))
  onTestFinished(async () => rm(path, { recursive: true, force: true }))
  return path
}

/** `http://login:secret@127.0.0.1:PORT/owner/name.git` */
export function remote(url: string, name: string, credentials?: string): string {
  const at = credentials === undefined ? '' : `${credentials}@`
  return `${url.replace('http://', `http://${at}`)}/${name}.git`
}
