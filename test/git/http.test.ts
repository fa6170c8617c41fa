import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Sha } from '../../src/domain/ids.ts'
import { httpRemote, listen, type HttpRemote, type Misbehaviour } from './http-remote.ts'
import { commit, git, gitWorld, head, REPO, TASK, type GitWorld } from './world.ts'

const BRANCH = 'yardmaster/12'

async function overHttp(): Promise<{ world: GitWorld; http: HttpRemote }> {
  const made: { http: HttpRemote | null } = { http: null }
  const world = await gitWorld({ 'README.md': 'hello\n' }, (path) => ({
    url: (repo) => made.http?.remote.url(repo) ?? path,
    credential: async (repo, access) => {
      if (made.http === null) throw new Error('not listening yet')
      return await made.http.remote.credential(repo, access)
    },
    refused: async (repo, access, password) =>
      (await made.http?.remote.refused(repo, access, password)) ?? false,
  }))
  await git(world.remote, 'config', 'http.receivepack', 'true')
  const http = await httpRemote(world.remote)
  made.http = http
  return { world, http }
}

async function work(world: GitWorld): Promise<Sha> {
  const pair = await world.pair()
  const made = await commit(pair.worktree, { 'a.txt': 'a\n' })
  const bundle = { file: await world.bundle(pair), ref: 'refs/heads/work', base: world.base }
  await world.git.importBundle(REPO.id, TASK, bundle)
  return made
}

const push = async (world: GitWorld, made: Sha, expected: Sha | null = null): Promise<unknown> =>
  await world.git.push(REPO, TASK, { branch: BRANCH, head: made, expected })

/** Reads arguments and environment of every process, over and over, until told to stop. */
function watchProcesses(
  secrets: readonly string[],
): () => Promise<{ looks: number; seen: string[] }> {
  let on = true
  let looks = 0
  const seen: string[] = []
  const watching = (async () => {
    while (on) {
      for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
        for (const file of ['cmdline', 'environ']) {
          const text = await readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')
          if (text.startsWith('git\0')) looks += 1
          for (const secret of secrets) if (text.includes(secret)) seen.push(`${file}: ${text}`)
        }
      }
      await wait(2)
    }
  })()
  return async () => {
    on = false
    await watching
    return { looks, seen }
  }
}

async function filesWith(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const text = await readFile(join(entry.parentPath, entry.name), 'latin1')
    if (secrets.some((secret) => text.includes(secret))) found.push(entry.name)
  }
  return found
}

describe('a credential', () => {
  test('reaches the server, and no argument, no environment and no file', async () => {
    const { world, http } = await overHttp()
    const stop = watchProcesses(http.minted)
    let made = await work(world)
    expect(await push(world, made)).toEqual({ kind: 'pushed' })
    for (let round = 0; round < 4; round += 1) {
      const pair = await world.pair(made)
      const next = await commit(pair.worktree, { [`${round}.txt`]: 'x\n' })
      const bundle = { file: await world.bundle(pair), ref: 'refs/heads/work', base: made }
      await world.git.importBundle(REPO.id, TASK, bundle)
      expect(await push(world, next, made)).toEqual({ kind: 'pushed' })
      made = next
    }
    const { looks, seen } = await stop()
    // How often it is seen at all depends on what else the machine does.
    expect(looks).toBeGreaterThan(3)
    expect(seen).toEqual([])
    expect(http.minted.length).toBeGreaterThan(9)
    expect(await filesWith(world.folder, http.minted)).toEqual([])
    const carried = http.requests.filter(({ authorization }) => authorization !== undefined)
    expect(carried.length).toBeGreaterThan(9)
  }, 60_000)

  test('is minted for reading to fetch, and for writing only to push', async () => {
    const { world, http } = await overHttp()
    await world.git.fetch(REPO, world.base)
    await world.git.remoteHead(REPO, 'main')
    expect(http.minted.map((token) => token.split('_')[1])).toEqual(['read', 'read'])
    const made = await work(world)
    await push(world, made)
    expect(http.minted.map((token) => token.split('_')[1])).toEqual(['read', 'read', 'write'])
  })

  test('does not follow a redirect to another host', async () => {
    const { world, http } = await overHttp()
    const heard: (string | undefined)[] = []
    const elsewhere = createServer((request, response) => {
      heard.push(request.headers.authorization)
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end()
    })
    http.misbehave({ kind: 'redirect', to: await listen(elsewhere) })
    await expect(world.git.fetch(REPO, world.base)).rejects.toMatchObject({ kind: 'unauthorised' })
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.filter((header) => header !== undefined)).toEqual([])
  })

  test('that is not accepted is asked for once, and said to be refused', async () => {
    const { world, http } = await overHttp()
    http.misbehave({ kind: 'status', status: 401, body: 'Bad credentials' })
    await expect(world.git.fetch(REPO, world.base)).rejects.toMatchObject({
      kind: 'unauthorised',
      applied: 'no',
    })
    expect(http.minted.length).toBe(1)
  })
})

describe('a credential that was revoked before its time', () => {
  test('is replaced, and the call made again', async () => {
    const { world, http } = await overHttp()
    http.misbehave({ kind: 'revoke', first: 1 })
    expect(await world.git.remoteHead(REPO, 'main')).toBe(world.base)
    expect(http.minted).toHaveLength(2)
    const made = await work(world)
    http.misbehave({ kind: 'revoke', first: http.minted.length + 1 })
    expect(await push(world, made)).toEqual({ kind: 'pushed' })
  })

  test('is replaced once only', async () => {
    const { world, http } = await overHttp()
    http.misbehave({ kind: 'revoke', first: 9 })
    await expect(world.git.fetch(REPO, world.base)).rejects.toMatchObject({ kind: 'unauthorised' })
    expect(http.minted).toHaveLength(2)
  })
})

describe('what the server answers becomes one of the world’s faults', () => {
  const status = (code: number, body = ''): Misbehaviour => ({ kind: 'status', status: code, body })

  test.each<[string, Misbehaviour, object]>([
    ['403', status(403, 'Resource not accessible'), { kind: 'forbidden', applied: 'no' }],
    ['404', status(404), { kind: 'not-found', applied: 'no' }],
    ['429', status(429), { kind: 'rate-limited', applied: 'no' }],
    ['451', status(451), { kind: 'gone', applied: 'no' }],
    ['500', status(500), { kind: 'transient' }],
    ['503', status(503), { kind: 'transient' }],
    ['a dropped connection', { kind: 'drop' }, { kind: 'transient' }],
  ])('%s', async (_, how, fault) => {
    const { world, http } = await overHttp()
    const made = await work(world)
    http.misbehave(how)
    await expect(push(world, made)).rejects.toMatchObject(fault)
    const absent = '0123456789abcdef0123456789abcdef01234567' as Sha
    await expect(world.git.fetch(REPO, absent)).rejects.toMatchObject(fault)
    await expect(world.git.remoteHead(REPO, BRANCH)).rejects.toMatchObject(fault)
    http.misbehave(null)
    expect(await push(world, made)).toEqual({ kind: 'pushed' })
  })

  test('a push whose answer was lost is found to have arrived', async () => {
    const { world, http } = await overHttp()
    const made = await work(world)
    http.misbehave({ kind: 'lose-answer' })
    expect(await push(world, made)).toEqual({ kind: 'already-there' })
    expect(await head(world.remote, BRANCH)).toBe(made)
  })

  test('a push that may have arrived is unknown, so that nobody takes it for undone', async () => {
    const { world, http } = await overHttp()
    const made = await work(world)
    http.misbehave({ kind: 'drop' })
    await expect(push(world, made)).rejects.toMatchObject({ kind: 'transient', applied: 'unknown' })
  })

  test('a server that falls silent is given up', async () => {
    const { world, http } = await overHttp()
    http.misbehave({ kind: 'stall' })
    await expect(world.git.remoteHead(REPO, BRANCH)).rejects.toMatchObject({ kind: 'transient' })
  }, 30_000)
})
