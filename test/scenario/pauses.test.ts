/** The operator stops the yard: nothing new starts, everything says why, what runs can be parked, and all goes on afterwards. */
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WAITING_CHECK, openYard } from './support/yard.ts'
import type { Yard } from './support/yard.ts'
import { HELLO } from './support/issues.ts'

let yard: Yard
afterEach(() => yard.close())

const pausing = () => yard.world.yardmaster().engine.pausing
const file = () => join(yard.folder, 'yardmaster/PAUSE')
const everywhere = { repository: null, reason: 'a release', now: false }
const starts = async (repo: string, number: number) => (await yard.attempts(repo, number)).length

/** A label that was seen and started nothing: its task is decided, and the pass that would have started it is over. */
async function waits(repo: string, words: RegExp): Promise<number> {
  const number = yard.issue(repo, HELLO)
  yard.label(repo, number)
  await yard.says(repo, number, words)
  expect(await starts(repo, number)).toBe(0)
  return number
}

describe('a pause of all work', () => {
  it('starts nothing, says so wherever something waits, outlives a restart, and ends when it is resumed', async () => {
    yard = await openYard()
    const repo = await yard.repository()
    await pausing().pause(everywhere)
    const number = await waits(repo, /operator has paused all work: a release/)
    await yard.world.restart()
    expect((await yard.task(repo, number))?.state.kind).toBe('queued')
    const health = await fetch(`${yard.world.yardmaster().url}/healthz`)
    expect([health.status, await health.text()]).toEqual([200, 'ok, but all work is paused\n'])

    expect(await pausing().resume({ repository: null })).toMatchObject({ kind: 'resumed' })
    await yard.becomes(repo, number, 'in-review')
    expect(await starts(repo, number)).toBe(1)
  })

  it('lets what runs go on, unless it is to be parked: then it is stopped, costs the task nothing, and goes on later', async () => {
    yard = await openYard()
    const repo = await yard.repository({ files: { 'check.sh': WAITING_CHECK } })
    const number = yard.issue(repo, HELLO)
    yard.label(repo, number)
    await yard.until('the check runs', async () => (await yard.agents()).some(isCheck))
    expect(await pausing().pause(everywhere)).toEqual({ kind: 'paused', running: 1 })
    await waits(repo, /paused all work/)
    expect((await yard.task(repo, number))?.state.kind).toBe('running')

    await pausing().pause({ ...everywhere, now: true })
    const parked = await yard.becomes(repo, number, 'queued')
    expect(parked).toMatchObject({ failures: 0, losses: 0 })
    expect(parked.resume).toMatchObject({ head: parked.report?.head })
    expect(await yard.agents()).toEqual([])
    await yard.says(repo, number, /operator has paused all work: a release/)

    await pausing().resume({ repository: null })
    await yard.until('it goes on', async () => (await starts(repo, number)) === 2)
    await yard.until('its check runs', async () => (await yard.agents()).some(isCheck))
    await yard.letGo()
    const { report } = await yard.becomes(repo, number, 'in-review')
    expect(report?.files.map(({ path }) => path)).toEqual(['hello.txt'])
    await yard.settled()
  })
})

describe('a pause of one repository', () => {
  it('stops that one, and no other', async () => {
    yard = await openYard()
    const [quiet, busy] = [await yard.repository(), await yard.repository()]
    const known = async () => (await yard.world.yardmaster().store.repositories.all()).length
    await yard.until('both are known', async () => (await known()) === 2)
    await pausing().pause({ repository: quiet.toUpperCase(), reason: '', now: false })
    const number = await waits(quiet, /his repository is paused; the comment \/resume ends that/)
    const other = yard.issue(busy, HELLO)
    yard.label(busy, other)
    await yard.becomes(busy, other, 'in-review')
    expect(await starts(quiet, number)).toBe(0)
    await pausing().resume({ repository: null })
    expect((await yard.task(quiet, number))?.state.kind).toBe('queued')
    await pausing().resume({ repository: quiet })
    await yard.becomes(quiet, number, 'in-review')
  })

  it('that nobody knows is a courteous no', async () => {
    yard = await openYard()
    const answer = await pausing().pause({ repository: 'no/body', reason: '', now: false })
    expect(answer).toMatchObject({ kind: 'missing', message: /no\/body is not known here/ })
  })
})

describe('the kill switch file', () => {
  it('stops all work by being there, for the reason that it holds, until it is gone', async () => {
    yard = await openYard()
    const repo = await yard.repository()
    await writeFile(file(), 'disk is being swapped\n')
    await yard.until('it is seen', async () => (await pauses()).length === 1)
    const number = await waits(
      repo,
      /operator has paused all work with the kill switch: disk is being swapped/,
    )
    await writeFile(file(), '')
    await yard.says(repo, number, /with the kill switch(?!:)/)
    await rm(file())
    await yard.becomes(repo, number, 'in-review')
  })

  it('is obeyed before anything starts, also when it was made while Yardmaster was down', async () => {
    yard = await openYard()
    const repo = await yard.repository()
    const number = yard.issue(repo, HELLO)
    await yard.until('it was seen for the first time', async () =>
      (await yard.world.yardmaster().store.repositories.all()).some(
        ({ cursor }) => cursor !== null,
      ),
    )
    await yard.world.yardmaster().stop()
    await writeFile(file(), 'stop')
    yard.label(repo, number)
    await yard.world.start()
    await yard.says(repo, number, /with the kill switch: stop/)
    expect(await starts(repo, number)).toBe(0)

    const answer = await pausing().resume({ repository: null })
    expect(answer).toMatchObject({ kind: 'resumed', fileRemoved: true })
    expect(existsSync(file())).toBe(false)
    await yard.becomes(repo, number, 'in-review')
    expect(await pauses()).toEqual([])
  })

  it('is put back by its app when another lifts its pause while the file is there', async () => {
    yard = await openYard()
    await writeFile(file(), 'stay')
    const [pause] = await yard.until('it is seen', async () => {
      const all = await pauses()
      return all.length === 1 && all
    })
    await yard.world.yardmaster().store.admission.unpause(pause?.scope ?? '')
    const back = await yard.until('it is back', async () => (await pauses())[0])
    expect(back.reason).toBe('stay')
  })
})

describe('tasks that fail alike', () => {
  const config =
    'setup: [sh setup.sh]\nverify: [sh check.sh]\nlimits: { attempts: 1, parallel: 1 }\n'
  const broken = { 'setup.sh': 'echo "error: the registry has no such package" >&2\nexit 3\n' }
  const comment = (repo: string, number: number) =>
    yard.comments(repo, number).filter((body) => body.includes('failed alike'))

  it('pause their repository, with one comment that says what failed alike and how to resume', async () => {
    yard = await openYard()
    const repo = await yard.repository({ config, files: broken })
    const numbers = ['One', 'Two', 'Three', 'Four'].map((title) => yard.issue(repo, HELLO, title))
    for (const number of numbers) yard.label(repo, number)
    const [fourth, ...failed] = await yard.until('one waits, three have failed', async () => {
      const tasks = await Promise.all(numbers.map((number) => yard.task(repo, number)))
      const waiting = tasks.filter((task) => task?.state.kind === 'queued')
      const over = tasks.filter((task) => task?.state.kind === 'failed')
      return waiting.length === 1 && over.length === 3 && [...waiting, ...over].map(numberOf)
    })
    await yard.says(repo, fourth ?? 0, /his repository is paused: 3 tasks failed alike \(setup: /)
    const [told] = await yard.until('it is told', () => {
      const all = numbers.flatMap((number) => comment(repo, number))
      return all.length > 0 && all
    })
    expect(told).toContain('3 tasks failed alike (')
    expect(told).toContain('error: the registry has no such package')
    expect(told).toContain('/resume')
    for (const number of failed) expect(told).toContain(`#${number}`)

    // The restart tells nothing again.
    await yard.world.restart()
    await yard.settled()
    expect(await starts(repo, fourth ?? 0)).toBe(0)
    await pausing().resume({ repository: repo })
    await yard.until('it starts', async () => (await starts(repo, fourth ?? 0)) === 1)
    await yard.until(
      'it fails',
      async () => (await yard.task(repo, fourth ?? 0))?.state.kind === 'failed',
    )
    await yard.settled()
    expect(numbers.flatMap((number) => comment(repo, number))).toHaveLength(1)
    expect(await pauses()).toEqual([])
  })
})

const numberOf = (task: { readonly number: number } | null): number => task?.number ?? 0
const isCheck = (command: string): boolean => command.includes('check.sh')

const pauses = async () =>
  (await yard.world.yardmaster().store.admission.pauses()).filter(({ until }) => until === null)
