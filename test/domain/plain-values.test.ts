/** The small words that everything else is made of: ids, snapshots, waits between tries, a repository's row. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayWrite } from '../../src/domain/actor.ts'
import { isProviderFailure, passed } from '../../src/domain/attempt.ts'
import { PROVIDER_REST, backoff } from '../../src/domain/backoff.ts'
import {
  decideRepository,
  freshRepository,
  readdressed,
} from '../../src/domain/decide/repository.ts'
import { attemptId, installationId, instant, issueId, later, repoId } from '../../src/domain/ids.ts'
import { sha, shortSha, taskId } from '../../src/domain/ids.ts'
import { UNNAMED_BRANCH, slug } from '../../src/domain/repository.ts'
import { snapshotHash } from '../../src/domain/snapshot.ts'
import { TERMINAL, branchOf, isTerminal } from '../../src/domain/task.ts'
import { FAILURES } from '../support/arbitraries.ts'
import {
  BASE,
  HEAD,
  NOW,
  ROLES,
  STATES,
  STATE_KINDS,
  ran,
  repository,
} from '../support/builders.ts'

describe('ids', () => {
  it('are made of GitHub’s numbers, and safe as file names', () => {
    const task = taskId(repoId(1001), issueId(9007))
    expect(task).toBe('1001-9007')
    expect(attemptId(task, 3)).toBe('1001-9007.3')
    expect(attemptId(task, 3)).toMatch(/^[\d.-]+$/)
  })

  it('of different issues never meet', () => {
    const ids = fc.tuple(fc.nat(), fc.nat())
    fc.assert(
      fc.property(ids, ids, ([a, b], [c, d]) => {
        const same = taskId(repoId(a), issueId(b)) === taskId(repoId(c), issueId(d))
        expect(same).toBe(a === c && b === d)
      }),
    )
  })

  it.each([
    'main',
    '',
    'abc1234',
    'A'.repeat(40),
    `${'a'.repeat(40)}\n`,
    `${'a'.repeat(39)}g`,
    `--upload-pack=${'a'.repeat(26)}`,
    'a'.repeat(41),
  ])('a full SHA is 40 hexadecimal digits, and not %o', (text) => {
    expect(() => sha(text)).toThrow('not a full git object id')
  })

  it('a SHA is known to people by seven digits', () => {
    expect(shortSha(sha('0123456789'.repeat(4)))).toBe('0123456')
    expect(later(instant(5), 7)).toBe(12)
  })

  it('the branch holds no text of anybody: only the number', () => {
    expect(branchOf({ number: 7 })).toBe('yardmaster/7')
  })
})

describe('words', () => {
  it('write access is write, maintain and admin', () => {
    expect(ROLES.filter(mayWrite)).toEqual(['write', 'maintain', 'admin'])
  })

  it('an end is done, failed or cancelled', () => {
    expect(STATE_KINDS.filter((kind) => isTerminal(STATES[kind]))).toEqual([...TERMINAL])
  })

  it('a provider’s failures are login, limit, overload, line and a program that does not start', () => {
    expect(FAILURES.filter(isProviderFailure)).toEqual([
      'auth',
      'rate',
      'overload',
      'network',
      'program',
    ])
  })

  it('a command passed with exit code 0 only', () => {
    expect([0, 1, 137, null].map((code) => passed(ran(code)))).toEqual([true, false, false, false])
  })

  it('a snapshot is its title and its body, and the border between them', () => {
    const hash = (title: string, body: string) => snapshotHash({ title, body })
    expect(hash('a', 'b')).toMatch(/^[0-9a-f]{64}$/)
    expect(hash('a', 'b')).toBe(hash('a', 'b'))
    expect(new Set([hash('a', 'b'), hash('ab', ''), hash('', 'ab'), hash('b', 'a')]).size).toBe(4)
  })
})

describe('waiting between tries', () => {
  const limits = { firstSeconds: 10, maxSeconds: 300 }

  it('doubles from the first to the longest', () => {
    const waits = [0, 1, 2, 3, 5, 6, 7, 1_000].map((failures) => backoff(failures, limits) / 1_000)
    expect(waits).toEqual([10, 10, 20, 40, 160, 300, 300, 300])
  })

  it('never shrinks, never overflows, and never passes the longest', () => {
    const seconds = fc.integer({ min: 1, max: 86_400 })
    fc.assert(
      fc.property(fc.nat(), seconds, seconds, (failures, firstSeconds, maxSeconds) => {
        const wait = backoff(failures, { firstSeconds, maxSeconds })
        expect(wait).toBeLessThanOrEqual(backoff(failures + 1, { firstSeconds, maxSeconds }))
        expect(wait).toBeLessThanOrEqual(maxSeconds * 1_000)
        expect(wait).toBeGreaterThan(0)
      }),
    )
  })

  it('a provider rests for minutes, and longest where only a person or a window can help', () => {
    const minutes = Object.values(PROVIDER_REST).map((rest) => rest / 60_000)
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(1)
    expect(PROVIDER_REST.rate).toBeGreaterThan(PROVIDER_REST.overload)
    expect(PROVIDER_REST.auth).toBeGreaterThan(PROVIDER_REST.network)
  })
})

describe('the row of a repository', () => {
  const row = repository({ head: HEAD, config: 'x' })

  it('begins with its address and nothing that was read', () => {
    const { id, owner, name, installation, defaultBranch } = row
    const fresh = freshRepository({ id, owner, name, installation, defaultBranch }, NOW)
    expect(fresh).toMatchObject({
      firstSeen: NOW,
      head: null,
      config: null,
      cursor: null,
      gone: null,
    })
    expect(slug(fresh)).toBe('octo/greeter')
  })

  it('follows a new name and keeps what was read; the same address is the same row', () => {
    const { id, owner, installation, defaultBranch } = row
    const moved = readdressed(row, { id, owner, name: 'salutation', installation, defaultBranch })
    expect(moved).toEqual({ ...row, name: 'salutation' })
    expect(readdressed(row, { ...moved, name: row.name })).toBe(row)
  })

  it.each([{ owner: 'hexa' }, { name: 'salutation' }, { installation: installationId(78) }])(
    'follows each part of its address: %o',
    (part) => {
      const { id, owner, name, installation, defaultBranch } = row
      const ref = { id, owner, name, installation, defaultBranch, ...part }
      expect(readdressed(row, ref)).toEqual({ ...row, ...part })
    },
  )

  it('reads again when a fact names another default branch, which may be of before', () => {
    expect(readdressed(row, { ...row, defaultBranch: 'trunk' })).toEqual({
      ...row,
      head: null,
      config: null,
    })
  })

  it('keeps its default branch when a fact names none, and takes the first that one names', () => {
    expect(readdressed(row, { ...row, defaultBranch: UNNAMED_BRANCH })).toBe(row)
    const unnamed = { ...row, defaultBranch: UNNAMED_BRANCH, head: null, config: null }
    expect(readdressed(unnamed, { ...row, defaultBranch: 'trunk' })).toEqual({
      ...unnamed,
      defaultBranch: 'trunk',
    })
  })

  it('forgets head and settings together when the branch moved, and only then', () => {
    const moved = decideRepository(row, { kind: 'branch-moved', head: BASE })
    expect(moved).toMatchObject({ head: null, config: null })
    expect(decideRepository(row, { kind: 'branch-moved', head: HEAD })).toBe(row)
  })

  it('says why nothing may run there, until it is seen again', () => {
    const gone = decideRepository(row, {
      kind: 'repository-gone',
      reason: 'the App was uninstalled',
    })
    expect(gone.gone).toBe('the App was uninstalled')
    expect(decideRepository(gone, { kind: 'repository-seen' }).gone).toBeNull()
  })
})
