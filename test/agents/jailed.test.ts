/** The same agents inside bubblewrap, where it works: what they need is there, and what they must not reach is not. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBwrapJail } from '../../src/jail/bwrap.ts'
import { probeBwrap } from '../../src/jail/probe.ts'
import type { Ids } from '../../src/ports/ids.ts'
import type { Jail } from '../../src/ports/jail.ts'
import { createWorld, type World } from './world.ts'

async function bwrap(options: {
  readonly folder: string
  readonly ids: Ids
}): Promise<Jail | null> {
  const path = process.env['PATH'] ?? ''
  const toolchain = { path, needed: [process.execPath], hidden: [homedir()] }
  const probe = await probeBwrap({ ...options, sockets: tmpdir(), toolchain })
  if (probe.kind === 'unavailable') return null
  return createBwrapJail({ ...options, sockets: tmpdir(), toolchain, program: probe.program })
}

const trial = join(import.meta.dirname, '../../.cache/agents-probe')
const works = (await bwrap({ folder: trial, ids: { unique: () => 'probe' } })) !== null
await rm(trial, { recursive: true, force: true })

describe.skipIf(!works)('in bubblewrap', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(async (options) => {
      const jail = await bwrap(options)
      if (jail === null) throw new Error('bubblewrap worked a moment ago')
      return jail
    })
  })
  afterEach(() => world.clear())

  it('builtin:patch applies an issue', async () => {
    const prompt = '```./a/b.txt\nx\n```'
    expect(await world.run('builtin:patch', { prompt })).toMatchObject({ kind: 'done' })
    expect(await readFile(join(world.place.worktree, 'a/b.txt'), 'utf8')).toBe('x\n')
  })

  it('an agent can write its worktree, and not beside it', async () => {
    const beside = join(world.place.worktree, '..', 'beside')
    await mkdir(beside)
    const inside = join(world.place.worktree, 'in.txt')
    expect(await world.mock('writes-outside', { argument: inside })).toMatchObject({
      summary: 'wrote outside',
    })
    expect(await world.mock('writes-outside', { argument: join(beside, 'out.txt') })).toMatchObject(
      {
        summary: expect.stringMatching(/^refused: E/),
      },
    )
    expect(existsSync(inside)).toBe(true)
    expect(existsSync(join(beside, 'out.txt'))).toBe(false)
  })

  it('an agent that leaves processes in sessions of their own leaves none', async () => {
    expect(await world.mock('double-fork')).toMatchObject({ kind: 'done' })
  })

  it('an agent reaches our tools, without any network', async () => {
    expect(await world.mock('tool-ask')).toMatchObject({
      kind: 'needs',
      question: { text: 'Keep the old route?', recommended: 2 },
    })
  })

  it('a program that is not there is named', async () => {
    expect(await world.run(['no-such-agent'])).toMatchObject({
      failure: 'program',
      error: expect.stringMatching(/no-such-agent of the profile mock could not be started/),
    })
  })

  it('a report comes out through the exchange folder', async () => {
    await writeFile(join(world.place.exchange, 'report.json'), '{"summary":"old"}')
    expect(await world.mock('report', { argument: world.place.exchange })).toMatchObject({
      summary: expect.stringContaining('From the report.'),
    })
  })
})
