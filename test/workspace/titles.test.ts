/** Nothing that people call an issue reaches a command line: the same words are spawned whatever the title, which passes as data (T32). */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { branchOf } from '../../src/domain/task.ts'
import type { Jail, JailSpec } from '../../src/ports/jail.ts'
import type { Place } from '../../src/ports/workspace.ts'
import { commitMessage } from '../../src/render/pull.ts'
import { bundleWork } from '../../src/workspace/bundle-work.ts'
import { layoutOf } from '../../src/workspace/layout.ts'
import { temporary } from '../git/world.ts'
import { BASE, attempt, task } from '../support/builders.ts'

const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '--upload-pack=touch pwned',
  '-x',
  '--',
  '@{-1}',
  'x.lock',
  '../../etc',
  'a\nb',
  'a\r\n\r\nFixes #1',
  '"; touch pwned; "',
  "'; touch pwned; '",
  '| tee pwned',
  '> pwned',
  '&& reboot',
  '\u202Egnp',
  '\0',
  '%s%n',
  ':(top)*',
  'refs/heads/main',
  '+main:main',
  '~/.ssh',
  '*',
  '',
  '\\',
] as const
const COUNT = 5_000
/** Each fifth one goes through the disk as well. */
const SPAWNED = 5

const titles = Array.from({ length: COUNT }, (_, n) => {
  const part = (at: number): string => HOSTILE[Math.floor(n / 25 ** at) % 25] ?? ''
  return `${part(0)} ${part(1)}${part(2)}`
})

describe('the title of an issue', () => {
  test(`${COUNT.toLocaleString('en')} hostile ones, ${(COUNT / SPAWNED).toLocaleString('en')} of them spawned: 1 command line, 1 branch, and the words arrive as data`, async () => {
    const root = await temporary()
    const layout = layoutOf(root)
    const folder = join(layout.pairs, 'one')
    const place: Place = {
      task: task().id,
      attempt: attempt().id,
      repository: join(folder, 'repository'),
      worktree: join(folder, 'worktree'),
      exchange: join(folder, 'exchange'),
      home: join(folder, 'home'),
      readable: [],
      base: BASE,
    }
    for (const each of [place.repository, place.worktree]) await mkdir(each, { recursive: true })
    const spawned = new Set<string>()
    const received: Promise<string>[] = []
    const jail: Jail = {
      kind: 'none',
      node: process.execPath,
      reap: async () => 0,
      start: async (spec: JailSpec) => {
        spawned.add(JSON.stringify(spec))
        const stdin = new PassThrough()
        received.push(text(stdin))
        const [stdout, stderr] = [new PassThrough().end(), new PassThrough().end()]
        const exited = Promise.resolve({ code: 0, signal: null })
        return { pid: 1, stdin, stdout, stderr, exited, denied: () => [], end: async () => {} }
      },
    }
    const ids = { unique: () => 'same' }
    const author = { name: 'yardmaster[bot]', email: 'y@example.com' }
    const target = join(root, 'work.bundle')
    const branches = new Set<string>()
    for (const [n, title] of titles.entries()) {
      const one = task({ title })
      branches.add(branchOf(one))
      const words = { message: commitMessage(one), author }
      if (n % SPAWNED === 0)
        await bundleWork({ layout, jail, ids }, { place, words, safe: null, without: null, target })
      else received.push(Promise.resolve(words.message))
    }
    expect([...branches]).toEqual([`yardmaster/${task().number}`])
    expect(spawned.size).toBe(1)
    expect([...spawned].join('')).not.toContain('pwned')
    const messages = await Promise.all(received)
    expect(new Set(messages).size).toBeGreaterThan(COUNT / 10)
    expect(messages.every((message) => !/(?:^|\n)Fixes #1\b/.test(message))).toBe(true)
  }, 60_000)
})
