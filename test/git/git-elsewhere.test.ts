/** The git room in the small process: the same answers, the same faults, credentials asked back, and a new life after a death. */
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { gitElsewhere } from '../../src/git/git-elsewhere.ts'
import { openSmallProcess } from '../../src/system/small-process.ts'
import type { OpenSmallProcess } from '../../src/system/small-process.ts'
import { sha } from '../../src/domain/ids.ts'
import { IDENTITY, PATH, REPO, fileRemote, gitWorld } from './world.ts'

const ENTRY = fileURLToPath(new URL('../../src/cli/small-process.ts', import.meta.url))
const open: OpenSmallProcess[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function start() {
  const world = await gitWorld()
  const small = openSmallProcess(ENTRY)
  open.push(small)
  const git = gitElsewhere({
    process: small.process,
    folder: world.data,
    remote: fileRemote(world.remote),
    path: PATH,
    identity: IDENTITY,
  })
  return { world, git }
}

/** Our children whose command line names the entry. */
const processes = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]
        return line.includes('small-process.ts') && Number(parent) === process.pid
      } catch {
        return false
      }
    })

describe('trusted git in the small process', () => {
  test('answers as the room itself does, several calls at a time', async () => {
    const { world, git } = await start()
    const head = world.base
    await Promise.all([git.fetch(REPO, head), git.fetch(REPO, head)])
    expect(await git.remoteHead(REPO, 'main')).toBe(head)
    expect(await git.remoteHead(REPO, 'nowhere')).toBeNull()
  })

  test('gives faults back as what they are', async () => {
    const { git } = await start()
    await expect(git.fetch(REPO, sha('0'.repeat(40)))).rejects.toMatchObject({
      name: 'WorldFault',
      operation: expect.any(String),
    })
  })

  test('killed, fails what was under way as a passing fault and lives again at the next call', async () => {
    const { world, git } = await start()
    const head = world.base
    await git.fetch(REPO, head)
    const [pid] = processes()
    const underWay = git.remoteHead(REPO, 'main')
    process.kill(pid ?? 0, 'SIGKILL')
    await expect(underWay).rejects.toMatchObject({ kind: 'transient', applied: 'unknown' })
    expect(await git.remoteHead(REPO, 'main')).toBe(head)
  })

  test('ends with the app that started it', async () => {
    await start()
    for (const each of open.splice(0)) await each.close()
    expect(processes()).toEqual([])
  })
})
