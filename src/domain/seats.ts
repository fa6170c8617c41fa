/**
 * Which runners have room for what. An attempt that nobody has taken yet counts against one that would take it: the
 * most particular first, so that those who take anything stay free for what only they take.
 */
import { isTooOld, runnerName, takes } from './runner.ts'
import type { Runner, Work } from './runner.ts'
import type { Wait } from './wait.ts'

export interface Seats {
  /** Why no runner takes it now; null: one does. */
  readonly wait: (work: Work) => Wait | null
  /** One of its runners has one place less from now on. */
  readonly take: (work: Work) => void
}

interface Seat {
  readonly runner: Runner
  free: number
}

/** `live`: attempts under way with the runner that has them; null: nobody has taken it yet. */
export function seatsOf(
  runners: readonly Runner[],
  live: readonly (Work & { readonly runner: string | null })[],
): Seats {
  const seats: Seat[] = runners
    .filter(({ version }) => !isTooOld(version))
    .map((runner) => ({ runner, free: runner.capacity }))
  for (const attempt of live) {
    const seat = seats.find(({ runner }) => runner.id === attempt.runner)
    if (seat !== undefined) seat.free -= 1
  }
  for (const attempt of live) if (attempt.runner === null) take(attempt)

  function take(work: Work): void {
    const [seat] = seats
      .filter(({ runner, free }) => free > 0 && takes(runner, work))
      .toSorted((a, b) => particular(b.runner) - particular(a.runner) || b.free - a.free)
    if (seat !== undefined) seat.free -= 1
  }

  function wait(work: Work): Wait | null {
    const able = seats.filter(({ runner }) => takes(runner, work))
    if (able.some(({ free }) => free > 0)) return null
    const { profile, tier } = work
    if (able.length > 0) {
      const places = able.reduce((sum, { runner }) => sum + runner.capacity, 0)
      return { kind: 'runners-busy', profile, runners: able.length, places }
    }
    const old = runners.find((runner) => isTooOld(runner.version) && takes(runner, work))
    if (old !== undefined)
      return { kind: 'runner-too-old', name: runnerName(old.id), version: old.version }
    return { kind: 'no-runner', profile, tier, up: runners.length }
  }

  return { wait, take }
}

const particular = ({ labels }: Runner): number =>
  Number(labels.repositories !== null) * 4 +
  Number(labels.tiers !== null) * 2 +
  Number(labels.profiles !== null)
