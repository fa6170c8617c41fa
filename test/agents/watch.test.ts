/** The watchdogs on a clock of the test's own: what counts as life, and when each limit strikes. */
import { lutimes, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lastTouched } from '../../src/agents/traces.ts'
import { watch, type Vigil } from '../../src/agents/watch.ts'
import { instant } from '../../src/domain/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'

const limits = {
  startMilliseconds: 100,
  firstMilliseconds: 600,
  stallMilliseconds: 1_000,
  wallMilliseconds: 5_000,
}

/** Sleeping moves the time; `at` happens when its moment is passed. */
function scene(events: Readonly<Record<number, (vigil: Stage) => void>>) {
  let now = 0
  const stage: Stage = { lastEvidence: 0, phase: 'starting', traces: 0, heard: true, nudges: 0 }
  const clock: Clock = {
    now: () => instant(0),
    monotonic: () => now,
    sleep: async (milliseconds) => {
      const until = now + milliseconds
      for (const [at, happen] of Object.entries(events))
        if (Number(at) > now && Number(at) <= until) happen(stage)
      now = until
    },
  }
  const vigil: Vigil = {
    lastEvidence: () => stage.lastEvidence,
    phase: () => stage.phase,
    traces: async () => stage.traces,
    onTraces: () => void (stage.lastEvidence = now),
    heard: () => stage.heard,
    nudge() {
      if (stage.nudges === 0) return false
      stage.nudges -= 1
      stage.lastEvidence = now
      return true
    },
  }
  return { clock, vigil, time: () => now }
}

interface Stage {
  lastEvidence: number
  phase: 'starting' | 'waiting' | 'working'
  traces: number
  heard: boolean
  /** How often it can be nudged. */
  nudges: number
}

const evidence = (at: number) => (stage: Stage) => void (stage.lastEvidence = at)
const phase = (next: Stage['phase'], at: number) => (stage: Stage) => {
  stage.phase = next
  stage.lastEvidence = at
}

async function play(events: Parameters<typeof scene>[0]) {
  const { clock, vigil, time } = scene(events)
  return [await watch(clock, limits, vigil, new AbortController().signal), time()]
}

describe('the watchdogs', () => {
  it('strike when the start takes too long', async () => {
    expect(await play({})).toEqual(['start', 100])
  })

  it('strike after silence, measured from the last evidence', async () => {
    expect(await play({ 50: phase('working', 50), 800: evidence(800) })).toEqual(['stall', 1_800])
  })

  it('do not count the silence of an agent that waits for us', async () => {
    const end = await play({ 50: phase('waiting', 50), 3_000: phase('working', 3_000) })
    expect(end).toEqual(['stall', 4_000])
  })

  it('take files that were touched in the second half of a silence for life', async () => {
    const touched = (stage: Stage): void => void (stage.traces = 1)
    expect(await play({ 50: phase('working', 50), 700: touched })).toEqual(['stall', 2_050])
  })

  it('do not take older traces for life', async () => {
    const touched = (stage: Stage): void => void (stage.traces = 1)
    expect(await play({ 50: phase('working', 50), 300: touched })).toEqual(['stall', 1_050])
  })

  it('strike earlier where nothing at all has come since the prompt', async () => {
    const prompted = (stage: Stage): void => {
      phase('working', 50)(stage)
      stage.heard = false
    }
    expect(await play({ 50: prompted })).toEqual(['first', 650])
  })

  it('nudge once, and wait half as long for what does not even answer that', async () => {
    const willing = (stage: Stage): void => {
      phase('working', 50)(stage)
      stage.nudges = 1
    }
    expect(await play({ 50: willing })).toEqual(['stall', 1_550])
  })

  it('wait as long as ever for an agent that went on after the nudge, and nudge it no more', async () => {
    const willing = (stage: Stage): void => {
      phase('working', 50)(stage)
      stage.nudges = 1
    }
    expect(await play({ 50: willing, 1_200: evidence(1_200) })).toEqual(['stall', 2_200])
  })

  it('strike at the wall however lively the agent is', async () => {
    const lively = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [n * 100 + 50, phase('working', n * 100 + 50)]),
    )
    expect(await play(lively)).toEqual(['wall', 5_000])
  })

  it('say nothing once they are called off', async () => {
    const { clock, vigil } = scene({})
    expect(await watch(clock, limits, vigil, AbortSignal.abort())).toBeNull()
  })
})

describe('traces', () => {
  it('are the newest touch below the folders, through no link and no large store', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yard-traces-'))
    const outside = await mkdtemp(join(tmpdir(), 'yard-traces-'))
    const old = new Date('2020-01-01T00:00:00Z')
    const newer = new Date('2021-01-01T00:00:00Z')
    const age = async (...paths: readonly string[]): Promise<void> => {
      for (const path of paths) await utimes(path, old, old)
    }
    await mkdir(join(folder, 'src/deep'), { recursive: true })
    await mkdir(join(folder, 'node_modules'))
    await writeFile(join(folder, 'src/deep/a.txt'), 'a')
    await writeFile(join(folder, 'node_modules/b.txt'), 'b')
    await age(join(folder, 'src/deep/a.txt'), join(folder, 'src/deep'), join(folder, 'src'), folder)
    expect(await lastTouched([folder, join(folder, 'missing')])).toBe(old.getTime())

    await utimes(join(folder, 'src/deep/a.txt'), newer, newer)
    expect(await lastTouched([folder])).toBe(newer.getTime())

    await writeFile(join(outside, 'c.txt'), 'c')
    await symlink(outside, join(folder, 'src/link'))
    await lutimes(join(folder, 'src/link'), old, old)
    await age(join(folder, 'src'))
    expect(await lastTouched([folder])).toBe(newer.getTime())
    await rm(folder, { recursive: true })
    await rm(outside, { recursive: true })
  })
})
