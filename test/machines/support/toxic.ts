/** A wire between one machine and PostgreSQL that a story can cut: what is sent then is swallowed, and nobody is told. */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface Toxic {
  readonly url: string
  cutOff(): void
  reconnect(): void
  close(): Promise<void>
}

export async function startToxic(databaseUrl: string): Promise<Toxic> {
  const to = new URL(databaseUrl)
  const folder = to.searchParams.get('host')
  const target =
    folder === null
      ? { host: to.hostname, port: Number(to.port || 5432) }
      : { path: `${folder}/.s.PGSQL.5432` }
  const sockets = new Set<Socket>()
  let cut = false

  const server = createServer((inside) => {
    const outside = connect(target)
    for (const [from, into] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => {
        if (!cut) into.write(bytes)
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        // A broken line tells nobody that the other end has gone.
        if (!cut) into.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  url.searchParams.delete('host')
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cutOff() {
      cut = true
    },
    reconnect() {
      // Bytes were lost: no connection of before is of any use.
      dropAll()
      cut = false
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      dropAll()
      await closed
    },
  }
}
