/** Hears of what other processes wrote: NOTIFY in their commit, LISTEN on a connection of our own that is made anew when it breaks. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Log } from '../ports/log.ts'
import type { Db, Tx } from './database.ts'
import { sql } from './drizzle.ts'
import type { Pokes, Topic } from './pokes.ts'

const CHANNEL = 'yardmaster'
/**
 * Who appends a fact decides it, and who wants an act performs it; others look only if it is still there then, and spare
 * GitHub the same questions twice. Milliseconds.
 */
const HEAD_START = 300
/** Begins the name of a process that appends facts and decides none: they are for whoever hears of them first. */
const DECIDES_NOTHING = 'runner-'
/** Waits between tries to connect again: doubled from the first to the last, in milliseconds. */
const FIRST_WAIT = 200
const LAST_WAIT = 10_000

export interface Ears {
  /** Names this process in its own notifications, which it need not hear. */
  readonly self: string
  close(): Promise<void>
}

/** Notifies within the transaction, so others hear exactly when what they are told is durable. */
export const announceOn =
  (self: string): Announce =>
  async (tx, topic, about) => {
    const each = [...new Set(about)]
    if (each.length === 0) return
    const payloads = sql.join(
      each.map((one) => sql`(${`${self} ${topic} ${one}`}::text)`),
      sql`, `,
    )
    await tx.execute(
      sql`select pg_notify(${CHANNEL}, payload) from (values ${payloads}) as p(payload)`,
    )
  }

export type Announce = (tx: Db | Tx, topic: Topic, about: readonly string[]) => Promise<void>

/** Throws when the first connection fails; afterwards it connects again by itself until closed. */
export async function listenTo(options: {
  readonly url: string
  readonly pokes: Pokes
  readonly log: Log
  /** This process decides facts; default: true. */
  readonly decides?: boolean
}): Promise<Ears> {
  const { url, pokes, log, decides = true } = options
  const self = `${decides ? '' : DECIDES_NOTHING}${randomUUID()}`
  const delayed = new Set<NodeJS.Timeout>()
  let closed = false
  let client: pg.Client | null = null
  let retry: NodeJS.Timeout | null = null

  function later(fire: () => void): void {
    const timer = setTimeout(() => {
      delayed.delete(timer)
      fire()
    }, HEAD_START)
    delayed.add(timer)
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true })
    let broken = false
    const onBroken = (error?: Error) => {
      if (broken || closed) return
      broken = true
      if (client === fresh) {
        log.warn({ err: error }, 'no longer hears of other processes; connecting again')
        client = null
        again(FIRST_WAIT)
      }
    }
    fresh.on('error', onBroken)
    fresh.on('end', onBroken)
    fresh.on('notification', ({ payload = '' }) => {
      const [from = '', topic, about] = payload.split(' ')
      if (from === self) return
      const fire = (): void => pokes.fire(topic as Topic, [about ?? null])
      const ownFirst = topic === 'inbox' || topic === 'act'
      if (ownFirst && !from.startsWith(DECIDES_NOTHING)) later(fire)
      else fire()
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${CHANNEL}`)
    } catch (error) {
      broken = true
      await fresh.end().catch(() => null)
      throw error
    }
    client = fresh
  }

  function again(wait: number): void {
    retry = setTimeout(() => {
      connect().then(
        async () => {
          if (closed) await client?.end()
          else pokes.missed()
        },
        () => {
          if (!closed) again(Math.min(wait * 2, LAST_WAIT))
        },
      )
    }, wait)
    retry.unref()
  }

  await connect()
  return {
    self,
    async close() {
      closed = true
      if (retry !== null) clearTimeout(retry)
      for (const timer of delayed) clearTimeout(timer)
      await client?.end()
    },
  }
}
