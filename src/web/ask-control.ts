/** The other end of the control socket: the same functions, answered by the process that holds the store. */
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import type { BoardSync } from '../ports/board-sync.ts'
import type { Pausing } from '../ports/pausing.ts'
import type { Reviewing } from '../ports/reviewing.ts'
import type { BackupMade, Upkeep } from '../ports/upkeep.ts'
import { checkOurs } from './control-path.ts'
import type { IssueName } from './issue-name.ts'
import type { Prompting, Reading, StatusView } from './view-types.ts'

export interface RemoteReading extends Reading {
  status(): Promise<StatusView>
  readonly upkeep: Upkeep & {
    /** Absolute path. Throws `ControlFault` where the database's own tools do it. */
    backup(file: string): Promise<BackupMade>
  }
  readonly pausing: Pausing
  readonly reviewing: Reviewing
  readonly boards: BoardSync
  readonly prompting: Prompting
  /** What answers is of another version than the caller; its views may look otherwise. */
  readonly version: string
}

/** The process is there and did not answer as it should. */
export class ControlFault extends Error {
  override name = 'ControlFault'
}

/** A judgement: the questions take milliseconds, a machine that swaps takes longer. Milliseconds. */
const TIMEOUT = 10_000
/** For what reads the whole store: 75 MB/s at best. Milliseconds. */
const LONG_TIMEOUT = 3_600_000
/** Nobody listens: there is no socket, or a dead process left it behind. */
const NOBODY: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR'])

/** Null: nobody listens on that path. Throws `NotOurs`, and `ControlFault` when somebody does and gives no sense. */
export async function askControl(path: string): Promise<RemoteReading | null> {
  checkOurs(dirname(path))
  const get = async <T>(address: string): Promise<T> => (await ask(path, address)).data as T
  const post = async <T>(address: string, wish: unknown): Promise<T> =>
    (await ask(path, address, wish)).data as T
  const first = await ask(path, '/v1/status').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && NOBODY.has(String(error.code))) return null
    throw error
  })
  if (first === null) return null
  return {
    version: first.version,
    status: () => get('/v1/status'),
    queue: ({ all }) => get(`/v1/queue?all=${all ? 1 : 0}`),
    reviews: () => get('/v1/reviews'),
    task: (name) => get(`/v1/task?issue=${encodeName(name)}`),
    ledger: (name) => get(`/v1/ledger?issue=${encodeName(name)}`),
    upkeep: {
      backup: (file) => post('/v1/backup', { file }),
      verifyLedgers: (anchored) => post('/v1/verify', { anchored }),
      ledgerHeads: () => get('/v1/heads'),
    },
    prompting: { preview: (name) => get(`/v1/prompt?issue=${encodeName(name)}`) },
    boards: { sync: (repository) => post('/v1/boards', { repository }) },
    pausing: {
      pause: (wish) => post('/v1/pause', wish),
      resume: (wish) => post('/v1/resume', wish),
    },
    reviewing: { done: (wish) => post('/v1/reviewed', wish) },
  }
}

interface Answer {
  readonly data: unknown
  readonly version: string
}

/** Our own process of the same user is at the other end, so its JSON is taken as what it says it is. */
async function ask(socketPath: string, path: string, wish?: unknown): Promise<Answer> {
  const [method, timeout] = wish === undefined ? ['GET', TIMEOUT] : ['POST', LONG_TIMEOUT]
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ socketPath, path, method, timeout }, resolve)
    sent.once('error', reject)
    sent.once('timeout', () => {
      sent.destroy(new ControlFault(`Yardmaster did not answer within ${timeout / 1000} s.`))
    })
    sent.end(wish === undefined ? undefined : JSON.stringify(wish))
  })
  const body = await text(response)
  const version = response.headers['x-yardmaster-version']
  if (typeof version !== 'string') throw new ControlFault('What listens there is no Yardmaster.')
  const data: unknown = JSON.parse(body)
  if (response.statusCode === 200) return { data, version }
  throw new ControlFault(`Yardmaster could not answer: ${messageOf(data)}`)
}

function messageOf(data: unknown): string {
  const has = typeof data === 'object' && data !== null && 'message' in data
  return has ? String(data.message) : 'it gave no reason'
}

const encodeName = (name: IssueName): string =>
  encodeURIComponent(`${name.repository ?? ''}#${name.number}`)
