/**
 * Where every ledger ended, noted once a day in a plain file outside the database. Who sets the whole store back to an
 * earlier day, or rewrites a chain with its end, contradicts it; a copy on another machine is proof against this one.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { instant } from '../domain/ids.ts'
import type { Instant, TaskId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { About } from '../ports/store.ts'
import type { TaskHead, Upkeep } from '../ports/upkeep.ts'
import { syncPath } from './durable-files.ts'

export interface Anchor {
  readonly at: Instant
  readonly heads: readonly TaskHead[]
}

const TITLE = 'yardmaster ledger anchor 1'
const DAY = 86_400_000

export const anchorPath = (dataFolder: string): string => join(dataFolder, 'ledger.anchor')

/** The file is no anchor. A person's mistake, or somebody meddled: the message says which file. */
export class AnchorUnreadable extends Error {
  override name = 'AnchorUnreadable'
}

/** Whole or not at all, readable by its owner only. */
export function writeAnchor(file: string, { at, heads }: Anchor): void {
  const lines = heads.map(({ task, n, hash }) => `${task} ${n} ${hash}`)
  const aside = `${file}.part`
  const text = [TITLE, new Date(at).toISOString(), ...lines, ''].join('\n')
  fs.writeFileSync(aside, text, { mode: 0o600, flush: true })
  fs.renameSync(aside, file)
  syncPath(join(file, '..'))
}

/** Null: there is none. Throws `AnchorUnreadable`. */
export function readAnchor(file: string): Anchor | null {
  if (!fs.existsSync(file)) return null
  const [title, at = '', ...lines] = fs.readFileSync(file, 'utf8').trimEnd().split('\n')
  const heads = lines.map((line) => {
    const found = /^(?<task>\d+-\d+) (?<n>\d+) (?<hash>[0-9a-f]{64})$/.exec(line)?.groups
    return found === undefined
      ? null
      : {
          task: String(found['task']) as TaskId,
          n: Number(found['n']),
          hash: String(found['hash']),
        }
  })
  const moment = Date.parse(at)
  if (title !== TITLE || Number.isNaN(moment) || heads.includes(null))
    throw new AnchorUnreadable(`${file} is no list of ledger heads, or somebody changed it.`)
  return { at: instant(moment), heads: heads.filter((head) => head !== null) }
}

export interface Anchoring {
  readonly upkeep: Upkeep
  readonly about: About
  readonly dataFolder: string
  readonly clock: Clock
  readonly log: Log
}

/**
 * At start and each day: all chains are verified against the last anchor, and a new one is written when they hold.
 * When they do not, the old one stays as evidence and the log says so each time. Returns how to stop.
 */
export function startAnchoring(from: Anchoring): () => Promise<void> {
  const { clock, log } = from
  const stopping = new AbortController()
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await renewAnchor(from)
      } catch (error) {
        log.error({ err: error }, 'the ledgers could not be verified')
      }
      await clock.sleep(DAY, stopping.signal)
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}

async function renewAnchor({ upkeep, about, dataFolder, clock, log }: Anchoring): Promise<void> {
  const file = anchorPath(dataFolder)
  const old = readAnchor(file)
  // A rebuilt store begins its ledgers anew, knowingly.
  const fresh = old === null || ((await about.get('looks-first')) ?? 0) > old.at
  const { broken } = await upkeep.verifyLedgers(fresh ? [] : old.heads)
  if (broken.length > 0)
    return log.error(
      { broken },
      'ledgers were changed after they were written; see `ledger verify`',
    )
  writeAnchor(file, { at: clock.now(), heads: await upkeep.ledgerHeads() })
}
