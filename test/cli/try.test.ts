/** Commands that make a world of their own leave nothing behind, whenever they are stopped. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enter } from './command-line.ts'
import type { Place } from './command-line.ts'

describe('a world of its own', { timeout: 120_000 }, () => {
  let place: Place
  let temporary: string
  let source: string
  beforeAll(() => {
    place = enter()
    temporary = join(place.folder, 'temporary')
    source = join(place.folder, 'project')
    mkdirSync(temporary)
    mkdirSync(source)
    writeFileSync(join(source, 'README.md'), '# Project\n')
  })
  afterAll(() => place.leave())

  it('is shown over a copy of a folder, and is gone when it is stopped', async () => {
    const running = place.start(['try', source], { TMPDIR: temporary })
    await running.sees('Ctrl+C ends it')
    expect(running.out()).toContain('/ana/project/issues/new')
    expect(readdirSync(temporary)).not.toEqual([])
    expect((await running.stop('SIGINT')).code).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
    expect(readdirSync(source)).toEqual(['README.md'])
  })

  it('is gone as well when it is stopped while it starts', async () => {
    const running = place.start(['demo'], { TMPDIR: temporary })
    await running.sees('starting')
    expect((await running.stop('SIGINT')).code).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
  })

  it('is gone when the story is stopped before its end, and that is no success', async () => {
    const running = place.start(['demo', '--once'], { TMPDIR: temporary })
    await running.sees('sets the label')
    const { code, err } = await running.stop('SIGINT')
    expect(code).toBe(1)
    expect(err).toContain('Stopped before its end')
    expect(readdirSync(temporary)).toEqual([])
  })
})
