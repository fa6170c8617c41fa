import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { finished } from 'node:stream/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { temporary } from '../git/world.ts'
import { isMissing, jailOf, jailWorld, KINDS, processesWith, until } from './world.ts'

/** A number of seconds that nobody else sleeps, by which a test finds its own processes. */
let count = 0
const naps = (): string => {
  count += 1
  return `86${process.pid}.${count}`
}

describe.each(KINDS)('the process tree in %s', (kind) => {
  beforeEach((context) => context.skip(isMissing(kind), 'no bubblewrap here'))

  test('is gone after its end: children in the background, in other sessions, forked twice, deaf to SIGTERM', async () => {
    const world = await jailWorld(kind)
    const nap = naps()
    const deaf = `trap '' TERM HUP INT; sleep ${nap} & sleep ${nap}`
    const script = `${deaf.replace('& sleep', '& setsid sh -c "$0" & (setsid sh -c "$0" &) & nohup sh -c "$0" & sleep')}`
    const jailed = await world.jail.start(world.spec(['sh', '-c', script, deaf]))
    await until(async () => (await processesWith(nap)).length >= 8)
    await jailed.end(200)
    expect(await processesWith(nap)).toEqual([])
    await jailed.exited
    expect(await readdir(join(world.folder, 'jail', 'running'))).toEqual([])
  })

  test('is asked first: a program that listens may put its things in order', async () => {
    const world = await jailWorld(kind)
    const script = 'trap "echo ordered; exit 3" TERM; echo ready; while :; do sleep 0.05; done'
    const jailed = await world.jail.start(world.spec(['sh', '-c', script]))
    let said = ''
    jailed.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await until(async () => await Promise.resolve(said.includes('ready')))
    const before = performance.now()
    await jailed.end(20_000)
    expect(performance.now() - before).toBeLessThan(10_000)
    expect((await jailed.exited).code).toBe(3)
    await finished(jailed.stdout)
    expect(said).toContain('ordered')
  })

  test('ends what a program that ended by itself has left behind', async () => {
    const world = await jailWorld(kind)
    const nap = naps()
    const said = await world.run([
      'sh',
      '-c',
      `(setsid sleep ${nap} >/dev/null 2>&1 &); sleep 0.1; echo done`,
    ])
    expect(said).toMatchObject({ out: 'done\n', code: 0 })
    expect(await processesWith(nap)).toEqual([])
  })

  test('of three hundred children is ended as a whole', async () => {
    const world = await jailWorld(kind)
    const nap = naps()
    const script = `i=0; while [ $i -lt 300 ]; do sleep ${nap} & i=$((i+1)); done; wait`
    const jailed = await world.jail.start(world.spec(['sh', '-c', script]))
    await until(async () => (await processesWith(nap)).length >= 300)
    await jailed.end(0)
    expect(await processesWith(nap)).toEqual([])
  })

  test('may be ended twice, and at the same time', async () => {
    const world = await jailWorld(kind)
    const nap = naps()
    const jailed = await world.jail.start(world.spec(['sleep', nap]))
    await Promise.all([jailed.end(50), jailed.end(0)])
    await jailed.end(0)
    expect(await processesWith(nap)).toEqual([])
  })

  test('does not outlive us: what a kill −9 left is ended by the next life, once, and nothing else is', async () => {
    const folder = await temporary()
    const nap = naps()
    const life = spawn(
      process.execPath,
      [fileURLToPath(import.meta.resolve('./one-life.ts')), kind, folder, nap],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const bystander = spawn('sleep', [nap], { detached: true, stdio: 'ignore' })
    try {
      await until(async () => (await processesWith(nap)).length >= 4)
      life.kill('SIGKILL')
      await once(life, 'exit')
      const jail = jailOf(kind, join(folder, 'jail'))
      const reaped = await jail.reap()
      // With bubblewrap the kernel ends the namespace by itself; then there is nothing left to end.
      expect(reaped).toBeLessThanOrEqual(1)
      expect(reaped).toBeGreaterThanOrEqual(kind === 'none' ? 1 : 0)
      await until(async () => (await processesWith(nap)).length <= 1)
      expect(await processesWith(nap)).toEqual([bystander.pid])
      expect(await jail.reap()).toBe(0)
    } finally {
      bystander.kill('SIGKILL')
      life.kill('SIGKILL')
    }
  })
})

test('reaping leaves the jails of this life alone', async () => {
  const world = await jailWorld('none')
  const nap = naps()
  const jailed = await world.jail.start(world.spec(['sleep', nap]))
  expect(await world.jail.reap()).toBe(0)
  expect((await processesWith(nap)).length).toBe(1)
  await jailed.end(0)
})
