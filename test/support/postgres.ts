/**
 * A PostgreSQL server for tests: the one of `TEST_DATABASE_URL`, else a throw-away cluster of the
 * machine's own programs, reached through a socket in its folder and gone at the end.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

export interface TestServer {
  /** A new, empty database; dropped with the server, or by hand on a server that is not ours. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
  /** Stops all its processes where they are, as a machine that hangs, until `thaw`; null on a server that is not ours. */
  readonly freeze: (() => { thaw(): void }) | null
}

/** Where the server comes from; null with the reason when there is none. */
export type Found =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'programs'; readonly bin: string }
  | { readonly kind: 'none'; readonly reason: string }

export function findPostgres(): Found {
  const url = process.env['TEST_DATABASE_URL']
  if (url !== undefined && url !== '') return { kind: 'url', url }
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted(byNumber) : []
  const folders = [
    ...versions.toReversed().map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  const bin = folders.find((each) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(each, program))),
  )
  if (bin !== undefined) return { kind: 'programs', bin }
  return {
    kind: 'none',
    reason: 'no TEST_DATABASE_URL, and no initdb and postgres on this machine',
  }
}

const byNumber = (a: string, b: string): number => Number(a) - Number(b)

export async function startPostgres(found: Found): Promise<TestServer> {
  if (found.kind === 'none') throw new Error(found.reason)
  if (found.kind === 'url') return connectTo(found.url, { stop: async () => {}, freeze: null })
  const folder = mkdtempSync(join(tmpdir(), 'yard-pg-'))
  const owner = ownerOfCluster()
  if (owner !== null) chownSync(folder, owner.uid, owner.gid)
  const as = { ...owner, cwd: folder, env: { HOME: folder, LC_ALL: 'C' } }
  const data = join(folder, 'data')
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const init = ['-D', data, '-U', 'yard', '-A', 'trust', '-E', 'UTF8', '--no-sync']
    execFileSync(join(found.bin, 'initdb'), init, { ...as, stdio: 'pipe' })
  } catch (error) {
    remove()
    throw error
  }
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`]
  const server = spawn(
    join(found.bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...as, stdio: 'ignore' },
  )
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const killed = () => server.kill('SIGKILL')
  process.once('exit', killed)
  const stop = async () => {
    process.off('exit', killed)
    // Fast shutdown: connections are ended, nothing is waited for.
    server.kill('SIGINT')
    await exited
    remove()
  }
  try {
    const url = `postgres://yard@localhost/postgres?host=${encodeURIComponent(folder)}`
    await untilReady(url, 15_000)
    return connectTo(url, { stop, freeze: () => freeze(server.pid ?? 0) })
  } catch (error) {
    await stop()
    throw error
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function ownerOfCluster(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim())
  return { uid: id('-u'), gid: id('-g') }
}

async function untilReady(url: string, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await delay(50)
    }
  }
}

let databases = 0

function freeze(postmaster: number): { thaw(): void } {
  process.kill(postmaster, 'SIGSTOP')
  // From here on it starts no further ones.
  const all = [postmaster, ...childrenOf(postmaster)]
  const tell = (signal: NodeJS.Signals) => {
    for (const pid of all) process.kill(pid, signal)
  }
  tell('SIGSTOP')
  return { thaw: () => tell('SIGCONT') }
}

const childrenOf = (parent: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')
        return Number(fields?.[1]) === parent
      } catch {
        return false
      }
    })

function connectTo(
  url: string,
  { stop, freeze: freezing }: Pick<TestServer, 'stop' | 'freeze'>,
): TestServer {
  const made: string[] = []
  return {
    async createDatabase() {
      const name = `yard_${process.pid}_${(databases += 1)}`
      await run(url, `create database ${name}`)
      made.push(name)
      const own = new URL(url)
      own.pathname = `/${name}`
      return own.href
    },
    async stop() {
      for (const name of made) await run(url, `drop database if exists ${name} with (force)`)
      await stop()
    },
    freeze: freezing,
  }
}

/** One statement on a connection of its own. */
export async function run(
  url: string,
  statement: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement)
    return rows
  } finally {
    await client.end()
  }
}
