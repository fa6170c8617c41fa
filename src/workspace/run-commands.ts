/** Runs a repository's own commands at a place, one after another, until one is red or the time is up. */
import type { CommandResult } from '../domain/attempt.ts'
import type { Clock } from '../ports/clock.ts'
import type { Jail, JailSpec } from '../ports/jail.ts'
import type { Place, RunLimits } from '../ports/workspace.ts'
import { runJailed } from './jailed-run.ts'

export interface Commands {
  readonly jail: Jail
  readonly clock: Clock
  readonly network: JailSpec['network']
  /** The operator's variables for setup and verify; `CI` is always set. */
  readonly env: Readonly<Record<string, string>>
}

export async function runCommands(
  { jail, clock, network, env }: Commands,
  place: Place,
  commands: readonly string[],
  { timeout, signal }: RunLimits,
): Promise<readonly CommandResult[]> {
  const began = clock.monotonic()
  const results: CommandResult[] = []
  for (const command of commands) {
    const left = timeout - (clock.monotonic() - began)
    const done = new AbortController()
    const started = clock.monotonic()
    const { code, output, denied } = await runJailed(
      jail,
      { ...specOf(place, ['/bin/sh', '-c', command]), network, env: { ...env, CI: 'true' } },
      {
        input: '',
        stop: clock.sleep(Math.max(0, left), AbortSignal.any([signal, done.signal])),
      },
    ).finally(() => done.abort())
    const milliseconds = Math.round(clock.monotonic() - started)
    results.push({
      command,
      exitCode: code,
      milliseconds,
      output,
      ...(denied.length === 0 ? {} : { denied }),
    })
    if (code !== 0) break
  }
  return results
}

/** What every program at a place may touch. */
export const specOf = (place: Place, argv: JailSpec['argv']): JailSpec => ({
  argv,
  cwd: place.worktree,
  env: {},
  writable: [place.worktree, place.repository, place.exchange],
  readable: place.readable,
  home: place.home,
  network: 'none',
})
