import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { processesWith, isMissing, KINDS } from '../jail/world.ts'
import { workspaceWorld } from './world.ts'

const limits = (timeout: number, signal = new AbortController().signal) => ({ timeout, signal })

describe.each(KINDS)('the repository’s commands in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('run one after another in the worktree, by a shell, until one is red', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    const results = await world.run(
      place,
      'pwd && echo "$CI" && test -f README.md',
      'echo out; echo err >&2; exit 3',
      'touch never',
    )
    expect(results).toMatchObject([
      { command: expect.stringContaining('pwd'), exitCode: 0, output: `${place.worktree}\ntrue\n` },
      { exitCode: 3, output: expect.stringMatching(/^(out\nerr\n|err\nout\n)$/) },
    ])
    expect(await world.run(place, 'ls never')).toMatchObject([{ exitCode: 2 }])
  })

  test('without end are stopped at the limit over all, their children with them', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    const nap = `87${process.pid}.5`
    const endless = `trap '' TERM; (setsid sleep ${nap} &); echo started; while :; do sleep ${nap}; done`
    const results = await world.workspace.run(place, ['sleep 0.3', endless, 'true'], limits(1500))
    expect(results).toMatchObject([{ exitCode: 0 }, { exitCode: null, output: 'started\n' }])
    expect(await processesWith(nap)).toEqual([])
  })

  test('stop when they are no longer wanted', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    const stop = AbortSignal.timeout(300)
    const before = performance.now()
    const results = await world.workspace.run(place, ['sleep 600', 'true'], limits(600_000, stop))
    expect(results).toMatchObject([{ command: 'sleep 600', exitCode: null }])
    expect(performance.now() - before).toBeLessThan(10_000)
    const gone = await world.workspace.run(place, ['sleep 600'], limits(600_000, stop))
    expect(gone).toMatchObject([{ exitCode: null }])
  })

  test('leave nothing running, even when they end well', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    const nap = `87${process.pid}.6`
    expect(
      await world.run(place, `sleep ${nap} & (setsid sleep ${nap} &) ; echo ok`),
    ).toMatchObject([{ exitCode: 0, output: 'ok\n' }])
    expect(await processesWith(nap)).toEqual([])
  })

  test('that flood us with output cost little memory and keep the end of it', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    const before = process.memoryUsage().rss
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 10)
    const flood = `yes 'ä line of some length, over and over' | head -c 100000000; echo; echo the end`
    const [result] = await world.run(place, flood)
    clearInterval(watch)
    expect(result?.exitCode).toBe(0)
    expect(result?.output.endsWith('\nthe end\n')).toBe(true)
    expect(Buffer.byteLength(result?.output ?? '')).toBeLessThanOrEqual(16 * 1024)
    expect(result?.output).toMatch(/^ä line/)
    expect((peak - before) / 1024 / 1024).toBeLessThan(30)
  }, 60_000)

  test('are shown without what a terminal would obey', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    const odd = String.raw`printf '\033[31mred\033[0m \033]8;;http://evil\007link\033]8;;\007 10%%\r20%%\r\n \342\200\256rtl \302\233 \000 \177 \377 end\n'`
    const [result] = await world.run(place, odd)
    expect(result?.output).toBe('red link 10%\n20%\n rtl    � end\n')
  })

  test('that are killed by a signal count as a shell counts them', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    expect(await world.run(place, 'kill -9 $$')).toMatchObject([{ exitCode: 137 }])
  })

  test('get what an earlier command left in the worktree and in HOME', async () => {
    const world = await workspaceWorld(kind)
    const place = await world.prepare(1)
    await world.run(
      place,
      'mkdir -p node_modules && echo dep > node_modules/dep && echo x > $HOME/cache',
    )
    expect(
      await world.run(
        place,
        'cat node_modules/dep $HOME/cache',
        `test $HOME = ${join(place.home)}`,
      ),
    ).toMatchObject([{ output: 'dep\nx\n' }, { exitCode: 0 }])
  })
})
