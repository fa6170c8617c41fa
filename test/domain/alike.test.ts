/** When failures of several tasks count as one cause: same kind, same first line of error, in a row, by different tasks. */
import { describe, expect, it } from 'vitest'
import { ALIKE_WITHIN, countsSince, failedAlike } from '../../src/domain/alike.ts'
import type { EndedAttempt } from '../../src/domain/alike.ts'
import type { AttemptReport } from '../../src/domain/attempt.ts'
import { attemptId, issueId, later, taskId } from '../../src/domain/ids.ts'
import { holdScope, stop } from '../../src/domain/pause.ts'
import { NOW, REPO, ran, report } from '../support/builders.ts'

const nameOf = (task: number) => taskId(REPO, issueId(task))

/** The `at`th from the end; tasks by number. */
const end = (task: number, over: Partial<AttemptReport>, at = 0): EndedAttempt => ({
  id: attemptId(nameOf(task), 1),
  task: nameOf(task),
  endedAt: later(NOW, -at * 1_000),
  report: report({ head: null, files: [], verify: [], ...over }),
})

const setup = (output: string): Partial<AttemptReport> => ({
  end: { kind: 'failed', failure: 'setup' },
  error: 'setup: `npm ci` ended with exit code 1',
  setup: [{ ...ran(1, 'npm ci'), output }],
})
const BROKEN = 'npm error code ERESOLVE\nnpm error at /work/pairs/7/worktree\n'
const crash = (error: string): Partial<AttemptReport> => ({
  end: { kind: 'failed', failure: 'crash' },
  error,
})
const row = (...reports: readonly Partial<AttemptReport>[]) =>
  failedAlike(reports.map((one, at) => end(at + 1, one, at)))

describe('tasks fail alike', () => {
  it('when three of them end by the same kind of failure with the same first line of error', () => {
    expect(row(setup(BROKEN), setup(BROKEN), setup(BROKEN))).toEqual({
      error: 'setup: `npm ci` ended with exit code 1',
      line: 'npm error code ERESOLVE',
      attempt: attemptId(nameOf(1), 1),
      tasks: [nameOf(1), nameOf(2), nameOf(3)],
    })
    expect(
      row(crash('no such model'), crash('no such model'), crash('no such model')),
    ).toMatchObject({ error: 'no such model', line: null })
  })

  it('whatever numbers, hashes and folders the line names', () => {
    const line = (n: number) =>
      crash(`cannot open /work/pairs/${n}/worktree at deadbee${n} after ${n} ms`)
    expect(row(line(1), line(22), line(3))).not.toBeNull()
  })

  it('not by two, nor by one task three times', () => {
    expect(row(setup(BROKEN), setup(BROKEN))).toBeNull()
    expect(failedAlike([0, 1, 2].map((at) => end(7, setup(BROKEN), at)))).toBeNull()
    expect(failedAlike([])).toBeNull()
  })

  it('not when another kind, another line, or a task that went well comes between', () => {
    const other = setup('npm error network is unreachable\n')
    expect(row(setup(BROKEN), setup(BROKEN), other)).toBeNull()
    expect(row(setup(BROKEN), crash('E'), setup(BROKEN), setup(BROKEN))).toBeNull()
    expect(row(setup(BROKEN), setup(BROKEN), {}, setup(BROKEN))).toBeNull()
    expect(row({}, setup(BROKEN), setup(BROKEN), setup(BROKEN))).toBeNull()
  })

  it('although ends between them say nothing: stopped, lost, the provider’s or the world’s fault, a red base', () => {
    const nothing: readonly Partial<AttemptReport>[] = [
      { end: { kind: 'stopped' } },
      { end: { kind: 'lost' } },
      { end: { kind: 'failed', failure: 'rate' } },
      { end: { kind: 'failed', failure: 'world' } },
      { end: { kind: 'failed', failure: 'verify' }, verify: [ran(1)], baseVerify: [ran(1)] },
    ]
    const three = [setup(BROKEN), setup(BROKEN), setup(BROKEN)]
    expect(row(...nothing, ...three)).toMatchObject({ tasks: { length: 3 } })
    expect(row(...nothing, ...nothing)).toBeNull()
  })

  it('not by the exit code of a check alone: its first line of error must be the same too', () => {
    const red = (output: string): Partial<AttemptReport> => ({
      end: { kind: 'failed', failure: 'verify' },
      error: 'verify: `npm test` ended with exit code 1',
      verify: [{ ...ran(1), output }],
    })
    expect(row(red('not ok - adds'), red('not ok - subtracts'), red('not ok - greets'))).toBeNull()
    const same = red('> test\nError: Cannot find module x\nnot ok')
    expect(row(same, same, same)).toMatchObject({ line: 'Error: Cannot find module x' })
  })
})

describe('failures count', () => {
  it('from the window’s beginning, or from when the repository was last resumed', () => {
    const window = later(NOW, -ALIKE_WITHIN)
    const hold = stop(holdScope(REPO), { reason: '' })
    expect(countsSince(NOW, undefined)).toBe(window)
    expect(countsSince(NOW, { ...hold, until: later(NOW, -5) })).toBe(later(NOW, -5))
    expect(countsSince(NOW, { ...hold, until: later(window, -5) })).toBe(window)
  })
})
