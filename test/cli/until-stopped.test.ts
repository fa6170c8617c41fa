/** Signals to a real process: one wish is obeyed once, however often the terminal and npm deliver it; a second one at once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'

const MODULE = new URL('../../src/cli/until-stopped.ts', import.meta.url).href

/** A command that is up and, when asked to stop, does `stopping`. */
async function up(stopping: string) {
  const source = `
    import { untilStopped } from ${JSON.stringify(MODULE)}
    setInterval(() => {}, 1000)
    const stopped = untilStopped(${stopping}, { stopping: 'stopping' })
    console.log('up')
    process.exit(await stopped)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source])
  const words = text(child.stderr)
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  return { child, words, ended }
}

describe('a command that is asked to stop', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops well on %s', async (signal) => {
    const { child, ended, words } = await up('async () => {}')
    child.kill(signal)
    expect((await ended)[0]).toBe(0)
    expect(await words).toBe('stopping\n')
  })

  it('takes the same wish twice for one', async () => {
    const { child, ended } = await up('() => new Promise((go) => setTimeout(go, 300))')
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
  })

  it('ends at once when it is asked again a while later', async () => {
    const { child, ended, words } = await up('() => new Promise(() => {})')
    const asked = performance.now()
    await vi.waitFor(
      () => {
        child.kill('SIGINT')
        expect(child.exitCode).not.toBeNull()
      },
      { timeout: 20_000, interval: 50 },
    )
    expect((await ended)[0]).toBe(130)
    expect(performance.now() - asked).toBeGreaterThan(450)
    expect(await words).toContain('Stopped at once')
  })

  it('ends with its failure when it cannot stop well', async () => {
    const { child, ended, words } = await up("async () => { throw new Error('it is stuck') }")
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(1)
    expect(await words).toContain('it is stuck')
  })
})
